/**
 * Guarantee: every endpoint for calls of skills refuses unauthenticated clients, missing scopes, other tenants and colleagues. A task at an
 * agent that a token, a key or a role does not reach looks like one that does not exist, byte for byte. A refusal changes nothing, and no
 * agent hears of it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually, everyTenantScope, startTestPlatform } from '@colloquy/testkit';
import type { TestCredentials, TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { policyOf } from '../src/modules/access/index.ts';
import { callDataPlaneEndpoints } from '../src/surfaces/admin/index.ts';
import { withoutRequestId } from './admin-setting.ts';

/** Input that each endpoint accepts, so that nothing but access can refuse it. */
const goodBodies: Readonly<Record<string, object>> = { callSkill: { inputs: { lead: 'l-1' } } };
const noTask = `tsk_${'0'.repeat(32)}`;

type CallEndpoint = (typeof callDataPlaneEndpoints)[number];

interface Told {
  readonly status: number;
  readonly text: string;
}

describe('access to calls of skills', () => {
  let platform: TestPlatform;
  let pool: DatabasePool;
  let agent: AgentServer;
  let owner: TestTenant;
  let outsider: TestTenant;
  let heard = 0;
  /** Of the owner, at the agent `one`; it has ended. */
  let taskId: string;

  before(async () => {
    platform = await startTestPlatform();
    pool = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'call-access' });
    agent = await serveAgent({
      card: {
        name: 'Scorer',
        description: 'Scores.',
        skills: [{ id: 'score', name: 'Score', description: '', tags: [] }],
      },
      handle(_message, task) {
        heard += 1;
        return task.complete('scored');
      },
    });
    [owner, outsider] = [await platform.createTenant('acme'), await platform.createTenant('other')];
    const cardUrl = new URL(agent.url).origin;
    for (const name of ['one', 'two']) await owner.client.admin.registerAgent({ body: { name, cardUrl } });
    const begun = await ask(
      'POST',
      '/agents/one/skills/score/tasks',
      await owner.client.token(),
      goodBodies['callSkill'],
    );
    assert.equal(begun.status, 201, begun.text);
    taskId = idIn(begun);
    await untilEnded(taskId);
  });
  after(async () => {
    await agent[Symbol.asyncDispose]();
    await pool.end();
    await platform[Symbol.asyncDispose]();
  });

  const idIn = ({ text }: Told): string => /tsk_[0-9a-f]{32}/.exec(text)?.[0] ?? assert.fail(text);

  async function ask(method: string, path: string, token: string | null, json?: object): Promise<Told> {
    const response = await fetch(`${platform.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return { status: response.status, text: withoutRequestId(await response.text()) };
  }

  const untilEnded = async (id: string): Promise<void> => {
    const token = await owner.client.token();
    await eventually('the task has ended', async () =>
      (await ask('GET', `/tasks/${id}`, token)).text.includes('completedAt'),
    );
  };

  /** Asks an endpoint about this agent and this task. */
  const probe = ({ id, method, path }: CallEndpoint, token: string | null, about: { agent: string; task: string }) => {
    const filled = path.replace('{agent}', about.agent).replace('{skill}', 'score').replace('{task}', about.task);
    return ask(method, filled, token, goodBodies[id]);
  };

  /** A token of a client, for some of its scopes or one resource. */
  async function tokenOf(
    { clientId, clientSecret }: Pick<TestCredentials, 'clientId' | 'clientSecret'>,
    more: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, ...more };
    const answer = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: token } = (await answer.json()) as { readonly access_token?: string };
    return token ?? assert.fail('There is no token.');
  }

  const boundTo = (name: string): Promise<string> =>
    tokenOf(owner, { resource: `${platform.url}/t/acme/agents/${name}` });
  const aboutOne = () => ({ agent: 'one', task: taskId });
  const aboutNothing = { agent: 'missing', task: noTask };

  /** All rows of the owner that a call could change, and the messages that agents received. */
  async function state(): Promise<unknown> {
    const tables = ['tasks', 'task_events', 'ledger_entries', 'wallets', 'agents'];
    const told = tables.map(
      (table) =>
        `(select md5(string_agg(x::text, ' ' order by x::text)) from colloquy.${table} x where x.tenant_id = t.tenant_id)`,
    );
    const { rows } = await pool.query(`select ${told.join()} from colloquy.tenants t where t.slug = 'acme'`);
    return [rows, heard];
  }

  async function withoutTrace(act: () => Promise<void>): Promise<void> {
    const before = await state();
    await act();
    assert.deepEqual(await state(), before);
  }

  it('has a probe body for each endpoint that reads one', () => {
    const reading = callDataPlaneEndpoints.filter(({ body }) => body !== null).map(({ id }) => id);
    assert.deepEqual(reading.toSorted(), Object.keys(goodBodies).toSorted());
    for (const { id, operation } of callDataPlaneEndpoints) assert.ok(policyOf(operation) !== undefined, id);
  });

  for (const endpoint of callDataPlaneEndpoints) {
    const line = `${endpoint.method} ${endpoint.path}`;
    const scope = policyOf(endpoint.operation)?.scope ?? 'none';

    it(`${line} answers 401 without a token, and 403 to every scope but ${scope}, whatever is asked`, () =>
      withoutTrace(async () => {
        const [head = '', claims = ''] = (await owner.client.token()).split('.');
        const others = everyTenantScope.filter((one) => one !== scope).join(' ');
        const small = await tokenOf(owner, { scope: others });
        for (const about of [aboutOne(), aboutNothing]) {
          for (const token of [null, 'x', `${head}.${claims}.${'A'.repeat(86)}`])
            assert.equal((await probe(endpoint, token, about)).status, 401);
          const lacking = await probe(endpoint, small, about);
          assert.equal(lacking.status, 403);
          assert.match(lacking.text, /access\.scope-missing/);
        }
      }));

    it(`${line} shows other tenants, colleagues and tokens for another agent what is not there, byte for byte`, () =>
      withoutTrace(async () => {
        const { admin } = owner.client;
        const scopes = [...everyTenantScope];
        const { apiKey } = await admin.createApiKey({
          body: {
            name: `key-${endpoint.id}`,
            scopes: ['a2a:send', 'a2a:read'],
            agents: ['two'],
          },
        });
        const limited = await admin.createClient({ body: { name: `limited-${endpoint.id}`, scopes } });
        await admin.createGrant({ body: { principal: limited.clientId, role: 'caller', agent: 'two' } });
        const colleague = await admin.createClient({ body: { name: `colleague-${endpoint.id}`, scopes } });
        const wrong = [await outsider.client.token(), await tokenOf(limited)];
        const ofOther = [apiKey, await boundTo('two')];
        // A colleague may call the agent; a token for another agent alone is refused as such where the path names an agent.
        if (endpoint.path.includes('{task}')) wrong.push(await tokenOf(colleague), ...ofOther);
        else for (const token of ofOther) assert.equal((await probe(endpoint, token, aboutOne())).status, 401);
        for (const token of wrong) {
          const [there, missing] = [
            await probe(endpoint, token, aboutOne()),
            await probe(endpoint, token, aboutNothing),
          ];
          assert.deepEqual(there, missing);
          assert.equal(there.status, 404, there.text);
        }
      }));
  }

  it('is had by a token for the one agent, with all that it began there', async () => {
    const token = await boundTo('one');
    const begun = await ask('POST', '/agents/one/skills/score/tasks', token, goodBodies['callSkill']);
    assert.equal(begun.status, 201, begun.text);
    for (const id of [idIn(begun), taskId]) {
      await untilEnded(id);
      assert.equal((await ask('GET', `/tasks/${id}`, token)).status, 200);
      assert.match((await ask('GET', `/tasks/${id}/events`, token)).text, /"status":"completed"/);
    }
  });
});
