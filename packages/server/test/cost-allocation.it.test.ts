/**
 * Guarantee: a task counts for the department and the cost center of its client or API key, or else for those of its agent, as they are when it is
 * recorded; and the budgets of that department and cost center pay for it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import type { AdminClient } from '@colloquy/sdk/client';
import { say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer } from './a2a-setting.ts';

describe('the department and the cost center of a task', () => {
  let setting: A2aSetting;
  let admin: AdminClient;
  before(async () => {
    setting = await startA2aSetting();
    admin = setting.platform.operator.admin.forTenant(setting.tenant.slug);
    await admin.setProfile({ agent: 'worker', body: { profile: { department: 'Engineering', costCenter: 'CC-1' } } });
  });
  after(() => setting[Symbol.asyncDispose]());

  const send = (token: string): Promise<WireAnswer> =>
    setting.rest('POST', '/message:send', say('work'), { headers: version, token });

  /** The department and the cost center of the task that this token sends. */
  async function allocationOf(token: string): Promise<readonly unknown[]> {
    const { task } = (await send(token)).json as { task: { id: string } };
    const [row] = await setting.rows(
      `select decision ->> 'department' as department, decision ->> 'costCenter' as cost_center
       from colloquy.tasks where task_id = '${task.id.slice(4)}'`,
    );
    return [row?.['department'], row?.['cost_center']];
  }

  async function newClient(name: string, allocation: { department?: string; costCenter?: string }) {
    const made = await admin.createClient({ body: { name, scopes: ['a2a:send'], ...allocation } });
    const { clientId, clientSecret } = made;
    return { made, clientId, token: await setting.tokenFor({ clientId, clientSecret }) };
  }

  it('are those of the agent, where the caller has none', async () => {
    const { made, token } = await newClient('plain', {});
    assert.deepEqual([made.department, made.costCenter], [undefined, undefined]);
    assert.deepEqual(await allocationOf(token), ['Engineering', 'CC-1']);
  });

  it('are those of the client, each for itself, and follow a change', async () => {
    const { clientId, token } = await newClient('seller', { department: 'Sales' });
    assert.deepEqual(await allocationOf(token), ['Sales', 'CC-1']);
    assert.deepEqual(await admin.allocateClient({ client: clientId, body: { costCenter: 'CC-9' } }), {
      costCenter: 'CC-9',
    });
    await eventually('tasks follow the change', async () => {
      const [department, costCenter] = await allocationOf(token);
      return department === 'Engineering' && costCenter === 'CC-9';
    });
    const { items } = await admin.listClients();
    assert.equal(items.find((client) => client.clientId === clientId)?.costCenter, 'CC-9');
    const audited = await setting.rows(
      `select facts from colloquy.audit_entries where action = 'client.allocated' and outcome = 'succeeded'`,
    );
    assert.deepEqual(audited, [{ facts: { costCenter: 'CC-9' } }]);
  });

  it('are those of the API key', async () => {
    const body = { name: 'ci', scopes: ['a2a:send'], department: 'Platform', costCenter: 'CC-7' };
    const { apiKey, department } = await admin.createApiKey({ body });
    assert.equal(department, 'Platform');
    assert.deepEqual(await allocationOf(apiKey), ['Platform', 'CC-7']);
    const { items } = await admin.listApiKeys();
    assert.deepEqual([items[0]?.department, items[0]?.costCenter], ['Platform', 'CC-7']);
  });

  it('decide which budgets pay', async () => {
    const { token: ofLegal } = await newClient('lawyer', { department: 'Legal' });
    const { token: ofAgent } = await newClient('other', {});
    const limit = { limitMicrocredits: 4, period: 'total' } as const;
    await admin.setBudget({ budget: 'legal', body: { ...limit, scope: 'department', subject: 'Legal' } });
    const refused = await send(ofLegal);
    assert.equal(refused.status, 402, refused.text);
    assert.match(refused.text, /"budget":"legal","scope":"department","subject":"Legal"/);
    assert.deepEqual(await allocationOf(ofAgent), ['Engineering', 'CC-1']);
    await admin.setBudget({ budget: 'cost', body: { ...limit, scope: 'cost-center', subject: 'CC-1' } });
    assert.equal((await send(ofAgent)).status, 402);
    await admin.unsetBudget({ budget: 'cost' });
    assert.equal((await send(ofAgent)).status, 200);
  });

  it('are refused with their field when they are empty or too long, and of an unknown client', async () => {
    const { clientId } = await newClient('careful', {});
    for (const department of ['', '  ', 'x'.repeat(201)]) {
      const body = { department };
      await assert.rejects(admin.allocateClient({ client: clientId, body }), { code: 'request.invalid' });
      const wrong = { name: 'wrong', scopes: ['a2a:send'], department };
      await assert.rejects(admin.createClient({ body: wrong }), { code: 'request.invalid' });
      await assert.rejects(admin.createApiKey({ body: wrong }), { code: 'request.invalid' });
    }
    const missing = { client: `cli_${'0'.repeat(32)}`, body: { department: 'Sales' } };
    await assert.rejects(admin.allocateClient(missing), { code: 'access.client-unknown' });
    const { items } = await admin.listClients();
    assert.equal(items.find((client) => client.clientId === clientId)?.department, undefined);
  });
});
