/**
 * Guarantee: a dead-lettered task is listed with its reason, and its message can be replayed once, for its sender, in a new task; the audit
 * entry names the caller. Otherwise failed work would be lost, or done twice.
 * Spec: docs/specs/task-queue.md, invariants QUEUE-13 and QUEUE-14
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { eventually, everyTenantScope, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createDeadLetterStore } from '../src/adapters/postgres/task-queue/dead-letter-store.ts';
import type { DeadLetterQuery, DeadLetterStore } from '../src/modules/tasks/index.ts';
import { card } from './admin-setting.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

type Body = Readonly<Record<string, unknown>>;

describe('a dead letter', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let outsider: TestTenant;
  let agent: Server;
  let agentUrl = '';
  let refuses = true;
  const heard: string[] = [];

  before(async () => {
    platform = await startTestPlatform();
    [tenant, outsider] = [await platform.createTenant('acme'), await platform.createTenant('other')];
    agent = createServer((request, response) => {
      void textOf(request).then((body) => {
        response.setHeader('content-type', 'application/json');
        if (request.method === 'GET') return response.end(JSON.stringify(cardAt(agentUrl)));
        heard.push(body);
        // What the platform says to an agent is a JSON-RPC request.
        const { id } = JSON.parse(body) as { readonly id: unknown };
        const message = { messageId: 'm-1', role: 'ROLE_AGENT', parts: [{ text: 'done' }] };
        const answer = refuses ? { error: { code: -32602, message: 'not now' } } : { result: { message } };
        return response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
      });
    });
    await new Promise<void>((resolve) => void agent.listen(0, '127.0.0.1', resolve));
    const address = agent.address();
    assert.ok(typeof address === 'object' && address !== null);
    agentUrl = `http://127.0.0.1:${address.port}`;
    await tenant.client.admin.registerAgent({ body: { name: 'scribe', cardUrl: agentUrl, idempotent: true } });
  });
  after(async () => {
    agent.closeAllConnections();
    agent.close();
    await platform[Symbol.asyncDispose]();
  });

  const cardAt = (url: string): object => ({
    ...card,
    capabilities: { streaming: false },
    supportedInterfaces: [{ url: `${url}/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  });

  async function ask(
    method: string,
    path: string,
    json?: object,
    who = tenant,
  ): Promise<{ status: number; body: Body }> {
    const response = await fetch(`${platform.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await who.client.token()}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    // The platform answers with an object.
    return { status: response.status, body: (await response.json()) as Body };
  }
  const books = async () => {
    const { reservedMicrocredits, usedMicrocredits } = await tenant.client.admin.readBalance();
    return { reserved: reservedMicrocredits, used: usedMicrocredits };
  };
  const isOver = async (taskId: string): Promise<Body> =>
    eventually('the task ends', async () => {
      const { body } = await ask('GET', `/tasks/${taskId}`);
      return body['completedAt'] === undefined ? undefined : body;
    });
  async function sendRefused(): Promise<string> {
    refuses = true;
    const { status, body: sent } = await ask('POST', '/agents/scribe/skills/echo/tasks', { inputs: { say: 'hello' } });
    assert.equal(status, 201, JSON.stringify(sent));
    const taskId = String(sent['taskId']);
    assert.equal((await isOver(taskId))['status'], 'failed');
    return taskId;
  }

  it('QUEUE-13 QUEUE-14 is listed with its reason, and its message sent again once, in a task of its own', async () => {
    const { admin } = tenant.client;
    const dead = await sendRefused();
    const { items } = await admin.listDeadLetters({ agent: 'scribe', reason: 'tries-used' });
    assert.equal(items.length, 1);
    assert.partialDeepStrictEqual(items[0], {
      taskId: dead,
      agent: 'scribe',
      ownerId: tenant.clientId,
      reason: 'tries-used',
      errorCode: 'upstream.refused',
      tries: 1,
    });
    assert.equal(items[0]?.replayedAs, undefined);
    const before = await books();
    assert.equal(before.reserved, 0);
    refuses = false;
    const told = heard.length;
    const answers = await Promise.all(Array.from({ length: 5 }, () => admin.replayDeadLetter({ task: dead })));
    const again = answers[0]?.taskId ?? '';
    for (const answer of answers) assert.deepEqual(answer, { taskId: again, replayOf: dead });
    assert.notEqual(again, dead);
    const done = await isOver(again);
    assert.deepEqual(
      [done['status'], done['inputs'], done['requesterAgentId']],
      ['completed', { say: 'hello' }, tenant.clientId],
    );
    assert.partialDeepStrictEqual((await admin.inspectTask({ task: again })).decision, { replayOf: dead });
    assert.deepEqual(
      await admin.replayDeadLetter({ task: dead }),
      { taskId: again, replayOf: dead },
      'asked later, it is the same',
    );
    assert.equal((await admin.listDeadLetters()).items.find(({ taskId }) => taskId === dead)?.replayedAs, again);
    assert.equal((await ask('GET', `/tasks/${dead}`)).body['status'], 'failed', 'a task ends once');
    assert.equal(heard.length - told, 1, 'the agent hears one replay');
    const replays = (await admin.listAuditEntries({ resource: dead })).items.filter(
      ({ action }) => action === 'task.replayed',
    );
    assert.deepEqual(
      replays.map(({ actorId, resource, facts }) => ({ actorId, resource, facts })),
      [{ actorId: tenant.clientId, resource: dead, facts: { replayedAs: again } }],
    );
    assert.equal((await books()).reserved, 0);
    assert.ok((await books()).used > before.used, 'the replay is paid');
  });

  it('QUEUE-14 that is replayed in vain is tried a bounded number of times, and is another dead letter', async () => {
    const { admin } = tenant.client;
    const first = await sendRefused();
    const told = heard.length;
    const { taskId: second } = await admin.replayDeadLetter({ task: first });
    const letter = await eventually(
      'the replay is dead-lettered',
      async () => (await admin.listDeadLetters()).items.find(({ taskId }) => taskId === second),
      60_000,
    );
    assert.deepEqual([letter.tries, letter.errorCode, heard.length - told], [5, 'upstream.refused', 5]);
    refuses = false;
    const third = await admin.replayDeadLetter({ task: second });
    assert.equal((await isOver(third.taskId))['status'], 'completed');
    assert.equal((await admin.replayDeadLetter({ task: first })).taskId, second, 'each is replayed once');
  });

  it('looks to others like one that does not exist, and a task that is none is not replayed', async () => {
    const dead = await sendRefused();
    const foreign = await ask('POST', `/tenants/other/dead-letters/${dead}/replay`, undefined, outsider);
    assert.deepEqual([foreign.status, foreign.body['code']], [404, 'task.dead-letter-unknown']);
    assert.equal((await ask('POST', `/tenants/acme/dead-letters/${dead}/replay`, undefined, outsider)).status, 404);
    assert.deepEqual((await outsider.client.admin.listDeadLetters()).items, []);
    refuses = false;
    const alive = await ask('POST', '/agents/scribe/skills/echo/tasks', { inputs: {} });
    await isOver(String(alive.body['taskId']));
    const refused = await ask('POST', `/tenants/acme/dead-letters/${String(alive.body['taskId'])}/replay`);
    assert.deepEqual([refused.status, refused.body['code']], [404, 'task.dead-letter-unknown']);
    for (const none of ['nothing', 'tsk_00000000000000000000000000000000'])
      assert.equal((await ask('POST', `/tenants/acme/dead-letters/${none}/replay`)).status, 404);
    assert.equal((await ask('GET', '/tenants/acme/dead-letters?reason=none')).status, 400);
    assert.equal((await ask('GET', '/tenants/acme/dead-letters?after=none')).status, 400);
  });

  it('is listed and replayed only by clients with the rights, and not with a token of a smaller scope', async () => {
    const dead = await sendRefused();
    const path = '/tenants/acme/dead-letters';
    const probe = async (method: string, below: string, token: string | null): Promise<number> => {
      const headers = token === null ? {} : { authorization: `Bearer ${token}` };
      const answer = await fetch(`${platform.url}/api/v1${path}${below}`, { method, headers });
      await answer.text();
      return answer.status;
    };
    const tokenOf = async (requested: Readonly<Record<string, string>>): Promise<string> => {
      const { clientId: client_id, clientSecret: client_secret } = tenant;
      const form = { grant_type: 'client_credentials', client_id, client_secret, ...requested };
      const answer = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
      return ((await answer.json()) as { readonly access_token: string }).access_token;
    };
    const bound = await tokenOf({ resource: `${platform.url}/t/acme/agents/scribe` });
    for (const [method, below, scope] of [
      ['GET', '', 'tasks:inspect'],
      ['POST', `/${dead}/replay`, 'deliveries:write'],
    ] as const) {
      for (const token of [null, 'x', bound]) assert.equal(await probe(method, below, token), 401, method);
      const others = everyTenantScope.filter((one) => one !== scope).join(' ');
      assert.equal(await probe(method, below, await tokenOf({ scope: others })), 403, method);
    }
    const { items } = await tenant.client.admin.listDeadLetters();
    assert.equal(items.find(({ taskId }) => taskId === dead)?.replayedAs, undefined, 'none of them had it sent again');
  });

  it('QUEUE-14 is not sent again for a sender that is stopped', async () => {
    const { admin } = tenant.client;
    const sender = await platform.createClient('acme', 'sender', ['a2a:send', 'a2a:read']);
    refuses = true;
    const sent = await sender.agent('scribe').send('hello');
    assert.ok('task' in sent);
    const dead = sent.task.id;
    const deadLetterOf = async () => (await admin.listDeadLetters()).items.find(({ taskId }) => taskId === dead);
    await eventually('it is dead-lettered', async () => (await deadLetterOf())?.ownerId === sender.clientId);
    refuses = false;
    await admin.stopPrincipal({ principal: sender.clientId, body: { reason: 'it is not itself' } });
    const told = heard.length;
    await assert.rejects(admin.replayDeadLetter({ task: dead }), { code: 'task.not-replayable' });
    assert.deepEqual([(await deadLetterOf())?.replayedAs, heard.length], [undefined, told], 'nothing is done for it');
    await admin.resumePrincipal({ principal: sender.clientId });
    const { taskId } = await admin.replayDeadLetter({ task: dead });
    assert.equal((await deadLetterOf())?.replayedAs, taskId);
    await eventually('the agent hears it', () => heard.length === told + 1);
  });

  it('QUEUE-14 is not sent to another agent that has the name by now', async () => {
    const dead = await sendRefused();
    refuses = false;
    const { admin } = tenant.client;
    await admin.deregisterAgent({ agent: 'scribe' });
    await admin.registerAgent({ body: { name: 'scribe', cardUrl: agentUrl, idempotent: true } });
    const told = heard.length;
    await assert.rejects(admin.replayDeadLetter({ task: dead }), { code: 'registry.agent-unknown' });
    assert.equal(heard.length, told);
    assert.equal((await admin.listDeadLetters()).items.find(({ taskId }) => taskId === dead)?.replayedAs, undefined);
  });
});

describe('the list of dead letters', () => {
  let setting: TaskSetting;
  let letters: DeadLetterStore;
  before(async () => {
    setting = await startTaskSetting();
    letters = createDeadLetterStore(setting.readers);
  });
  after(() => setting[Symbol.asyncDispose]());

  async function deadLetter(tenant: SeededTenant, errorCode: string, isDead = true): Promise<string> {
    const task = draftTask(setting, tenant);
    await setting.store.record(task);
    const end = draftEnd(setting, task, 'TASK_STATE_FAILED');
    assert.ok(end.end !== null);
    const last = { ...end.end, errorCode, ...(isDead ? { isDead: true as const } : {}) };
    assert.equal(await setting.store.write({ ...end, end: last }), 'written');
    return task.taskId;
  }

  it('QUEUE-13 says why, is picked by agent and reason, and is read page by page, oldest first, of one tenant alone', async () => {
    const tenant = await setting.seedTenant();
    const other = await setting.seedTenant();
    const ids = [
      await deadLetter(tenant, 'upstream.unreachable'),
      await deadLetter(tenant, 'task.deadline-passed'),
      await deadLetter(tenant, 'task.given-up'),
    ];
    await deadLetter(tenant, 'task.expired', false);
    await deadLetter(other, 'task.given-up');
    const any: DeadLetterQuery = { agentName: null, reason: null, after: null, limit: 10 };
    const { tenantId, agentName } = tenant;
    const all = await letters.list(tenantId, any);
    assert.deepEqual(
      all.map(({ taskId, reason }) => [taskId, reason]),
      [
        [ids[0], 'tries-used'],
        [ids[1], 'deadline-passed'],
        [ids[2], 'poisoned'],
      ],
    );
    const idsOf = async (query: Partial<DeadLetterQuery>): Promise<readonly string[]> =>
      (await letters.list(tenantId, { ...any, ...query })).map(({ taskId }) => taskId);
    assert.deepEqual(await idsOf({ reason: 'poisoned' }), [ids[2]]);
    assert.deepEqual(await idsOf({ limit: 2 }), ids.slice(0, 2));
    const [first] = all;
    assert.ok(first !== undefined);
    assert.deepEqual(await idsOf({ agentName, after: first.taskId }), ids.slice(1));
    assert.deepEqual(await idsOf({ agentName: 'missing' }), []);
    assert.equal(await letters.find(other.tenantId, first.taskId), null);
    assert.equal((await letters.find(tenantId, first.taskId))?.laterMessages, 0);
  });
});
