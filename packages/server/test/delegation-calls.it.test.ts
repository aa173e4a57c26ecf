/**
 * Guarantee: agents of the SDK that call each other through the platform stop at a loop over every binding, and so does a client that learns
 * of a task by a push notification and sends on for it (T24). Spec: docs/specs/delegation.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ColloquyError, createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { delegationHeaders, serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually } from '@colloquy/testkit';
import { say } from './a2a-setting.ts';
import { startGrpcSetting, words } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';
import { startReceiver } from './webhook-receiver.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

describe('agents that send on', () => {
  let setting: GrpcSetting;
  let receiver: WebhookReceiver;
  let client: ColloquyClient;
  const agents: AgentServer[] = [];
  /** The outcome of each message that the agents sent on, as `agent code`. */
  const outcomes: string[] = [];
  /** The fields that the agent ping was given for its last task. */
  let given: Readonly<Record<string, string>> = {};

  before(async () => {
    setting = await startGrpcSetting();
    receiver = await startReceiver();
    const { tenant, platform, token } = setting;
    client = createClient({ baseUrl: platform.url, tenant: tenant.slug, token });
    for (const [name, next] of [
      ['ping', 'pong'],
      ['pong', 'ping'],
    ] as const) {
      const agent = await serveAgent({
        card: { name, description: 'Sends on.', skills: [] },
        handle: async (_message, task) => {
          if (name === 'ping') given = delegationHeaders();
          const code = await client
            .agent(next)
            .send('on')
            .then(() => 'sent')
            .catch((error: unknown) => (error instanceof ColloquyError ? error.code : String(error)));
          outcomes.push(`${name} ${code}`);
          await task.complete('Done.');
        },
      });
      agents.push(agent);
      const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
      await tenant.client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: 5 } });
    }
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await Promise.all(agents.map((agent) => agent.close()));
    await receiver[Symbol.asyncDispose]();
  });

  const count = async (): Promise<unknown> =>
    (await setting.rows('select count(*)::int as n from colloquy.tasks'))[0]?.['n'];

  it('DELEG-7 stop at the first loop without a word of theirs, and the chain is shown', async () => {
    const before = Number(await count());
    await client.agent('ping').send('go');
    assert.deepEqual(outcomes, ['pong delegation.loop', 'ping sent']);
    assert.equal(await count(), before + 2);
    const [row] = await setting.rows('select task_id from colloquy.tasks where chain is not null');
    const id = `tsk_${String(row?.['task_id']).replaceAll('-', '')}`;
    const { chain, agent } = await setting.tenant.client.admin.inspectTask({ task: id });
    assert.equal(agent, 'pong');
    assert.deepEqual([chain?.depth, chain?.ancestors, chain?.parent], [1, ['ping'], chain?.root]);
    const refused = await setting.rows(`select facts from colloquy.audit_entries where action = 'access.refused'`);
    assert.deepEqual(
      refused.map(({ facts }) => facts),
      [{ code: 'delegation.loop' }],
    );
  });

  it('DELEG-1 stop over each binding alike', async () => {
    const before = await count();
    const headers = { ...given };
    assert.equal(headers['colloquy-task']?.startsWith('tsk_'), true);
    const path = `/t/${setting.tenant.slug}/agents/ping`;
    const post = (below: string, body: object) =>
      fetch(setting.platform.url + path + below, {
        method: 'POST',
        headers: {
          ...headers,
          authorization: `Bearer ${setting.token}`,
          'content-type': 'application/json',
          'a2a-version': '1.0',
        },
        body: JSON.stringify(body),
      }).then(async (answer) => answer.text());
    const rest = await post('/message:send', say('go'));
    const rpc = await post('', { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: say('go') });
    const json = { tenant: `${setting.tenant.slug}/ping`, ...words('go') };
    const grpc = await setting.call('SendMessage', 'SendMessageRequest', json, { headers });
    assert.match(rest, /delegation\.loop|above this one in the delegation chain/);
    assert.match(rpc, /delegation\.loop|above this one in the delegation chain/);
    assert.match(grpc.message, /above this one in the delegation chain/);
    assert.equal(await count(), before);
  });

  it('DELEG-7 stop also where a notification was between them', async () => {
    const configuration = { taskPushNotificationConfig: { url: `${receiver.url}/told` } };
    await setting.rpc('SendMessage', { ...say('go'), configuration });
    const told = await eventually('it is told', () => receiver.at('/told')[0]);
    const token = told.headers['colloquy-delegation'];
    assert.ok(typeof token === 'string');
    const before = await count();
    const delegation = { token };
    await assert.rejects(client.agent('worker').send('again', { delegation }), { code: 'delegation.loop' });
    const altered = { token: `${token.slice(0, -8)}AAAAAAAA` };
    await assert.rejects(client.agent('ping').send('again', { delegation: altered }), { code: 'delegation.invalid' });
    assert.equal(await count(), before);
    await client.agent('ping').send('on', { delegation });
    assert.equal(outcomes.at(-1), 'ping sent');
    const deepest = await setting.rows("select max((chain ->> 'depth')::int) as depth from colloquy.tasks");
    assert.equal(deepest[0]?.['depth'], 2);
  });
});
