/**
 * Guarantee: a program that calls an agent through the platform misses no event, pays once and is told failures by name, also
 * when its connection is cut; and an agent can tell the platform from everybody else.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { StreamResponse } from '@colloquy/protocol';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer, ForwardCaller } from '@colloquy/sdk/agent';
import { ColloquyError, createClient, taskCost } from '@colloquy/sdk/client';
import type { Backoff, ColloquyClient } from '@colloquy/sdk/client';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { startCuttingProxy } from './cutting-proxy.ts';
import type { CuttingProxy } from './cutting-proxy.ts';

const price = 1_000;
const words = Array.from({ length: 60 }, (_, index) => `word-${index} `);

describe('the SDK against a platform', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let agent: AgentServer;
  let proxy: CuttingProxy;
  /** A client whose every connection goes through the proxy. */
  let client: ColloquyClient;
  const callers: (ForwardCaller | undefined)[] = [];
  const handled: string[] = [];

  before(async () => {
    platform = await startTestPlatform();
    tenant = await platform.createTenant('acme', { credits: 1_000_000 });
    agent = await serveAgent({
      card: { name: 'words', description: 'Says many words.' },
      idempotent: true,
      trust: { jwksUrl: `${platform.url}/.well-known/jwks.json` },
      handle: async (message, task) => {
        callers.push(task.caller);
        handled.push(text(message));
        if (text(message) === 'ask') return task.requireInput('What?');
        if (text(message) === 'hello') return task.reply('Hello.');
        await task.working();
        for (const [index, word] of words.entries()) {
          await task.artifact({ id: 'words', parts: word, append: index > 0 });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return task.complete('said');
      },
    });
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await tenant.client.admin.registerAgent({
      body: { name: 'words', cardUrl, priceMicrocredits: price, idempotent: true },
    });
    proxy = await startCuttingProxy(Number(new URL(platform.url).port));
    const backoff: Backoff = { random: () => 0, pause: () => Promise.resolve() };
    const { clientId, clientSecret } = tenant;
    const baseUrl = `http://127.0.0.1:${proxy.port}`;
    client = createClient({ baseUrl, tenant: 'acme', clientId, clientSecret, backoff });
    await client.token();
  });
  after(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await agent?.close({ graceMs: 0 });
    await platform?.[Symbol.asyncDispose]();
  });

  async function used(): Promise<number> {
    const { reservedMicrocredits, usedMicrocredits } = await tenant.client.admin.readBalance();
    assert.equal(reservedMicrocredits, 0);
    return usedMicrocredits;
  }

  it('gives every event of a task once and in order while its connection is cut again and again', async () => {
    const [paid, connections] = [await used(), proxy.connections];
    proxy.cutNow();
    for (const bytes of [0, 700, 2_000, 900, 3_000, 1_200]) proxy.cutAfter(bytes);
    const stream = client.agent('words').stream('cut me');
    const [events, ids]: [StreamResponse[], number[]] = [[], []];
    for await (const event of stream) {
      events.push(event);
      ids.push(Number(stream.lastEventId));
    }
    const said = events.flatMap(({ artifactUpdate }) => (artifactUpdate ? [text(artifactUpdate.artifact)] : []));
    assert.equal(said.join(''), words.join(''));
    assert.ok(events[0]?.task !== undefined && ids[0] === 1);
    assert.equal(events.at(-1)?.statusUpdate?.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(
      ids,
      ids.map((_, index) => index + 1),
      'the whole log, without a hole and without a repeat',
    );
    assert.ok(proxy.connections - connections >= 6, 'it was cut');
    assert.deepEqual(handled.splice(0), ['cut me'], 'the agent worked once');
    assert.equal(await used(), paid + price, 'and was paid once');
    const { tasks } = await client.agent('words').listTasks();
    assert.equal(tasks.length, 1);
  });

  it('sends once when the answer is lost, however often it has to ask', async () => {
    const paid = await used();
    proxy.cutNow();
    for (const bytes of [0, 40, 200]) proxy.cutAfter(bytes);
    const { task } = await client.agent('words').send('lost');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(handled.splice(0), ['lost']);
    assert.equal(await used(), paid + price);
  });

  it('tells what a task costs to a program that wants to know, in every answer and over cuts of a stream, and to no other', async () => {
    const cost = { reserved: '0.001', settled: '0.001', released: '0' };
    const settled = { ...cost, reservedMicrocredits: 1_000, settledMicrocredits: 1_000, releasedMicrocredits: 0 };
    const words = client.agent('words');
    const { task } = await words.send('dear', { showCost: true });
    assert.ok(task !== undefined);
    const told = [task, await words.getTask(task.id, { showCost: true })];
    const [listed] = (await words.listTasks({ pageSize: 1 }, { showCost: true })).tasks;
    assert.deepEqual([...told, listed ?? {}].map(taskCost), [settled, settled, settled]);
    const { message } = await words.send('hello', { showCost: true });
    assert.deepEqual(taskCost(message ?? {}), settled);
    for (const bytes of [700, 2_000]) proxy.cutAfter(bytes);
    let last: StreamResponse | undefined;
    for await (const event of words.stream('dear stream', { showCost: true })) last = event;
    assert.deepEqual(taskCost(last?.statusUpdate ?? {}), settled);
    assert.equal(taskCost(await words.getTask(task.id)), undefined);
    handled.length = 0;
  });

  it('goes on with a task that asked for input, and with one whose end is past', async () => {
    const asked = await client.agent('words').send('ask');
    assert.equal(asked.task?.status.state, 'TASK_STATE_INPUT_REQUIRED');
    const taskId = asked.task?.id ?? '';
    const done = await client.agent('words').send('count', { taskId });
    assert.equal(done.task?.id, taskId);
    assert.equal(done.task?.status.state, 'TASK_STATE_COMPLETED');
    const rest: StreamResponse[] = [];
    for await (const event of client.agent('words').subscribe(taskId, { lastEventId: '1' })) rest.push(event);
    assert.equal(rest.at(-1)?.statusUpdate?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(rest[0]?.task, undefined, 'what it has seen does not come again');
    const answer = await client.agent('words').send('hello');
    assert.equal(answer.message === undefined ? '' : text(answer.message), 'Hello.');
    handled.length = 0;
  });

  it('has told the agent each time which caller it acts for, in a token that only the platform can sign', async () => {
    assert.ok(callers.length >= 4);
    for (const caller of callers) {
      assert.equal(caller?.tenant, 'acme');
      assert.equal(caller?.subject, tenant.clientId);
      assert.match(caller?.task ?? '', /^tsk_[0-9a-f]{32}$/);
    }
    const body = { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 'x' } };
    const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
    const authorization = `Bearer ${await tenant.client.token()}`;
    for (const more of [{}, { authorization }]) {
      const init = { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) };
      assert.equal((await fetch(agent.url, init)).status, 401, 'a caller who goes around the platform');
    }
  });

  it('tells failures by the name and kind the platform gave them, with the id to quote', async () => {
    const poor = await platform.createTenant('poor', { credits: 0 });
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await poor.client.admin.registerAgent({ body: { name: 'words', cardUrl, priceMicrocredits: price } });
    const acme = tenant.client;
    const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
      [() => poor.client.agent('words').send('x'), 'credits.insufficient', 'payment-required'],
      [() => acme.agent('missing').send('x'), 'registry.agent-unknown', 'not-found'],
      [() => acme.agent('words').getTask(`tsk_${'0'.repeat(32)}`), 'task.unknown', 'not-found'],
      [() => acme.agent('words').send({ parts: [] }), 'request.invalid', 'invalid'],
      [() => acme.admin.listTenants(), 'access.scope-missing', 'forbidden'],
      [() => acme.admin.registerAgent({ body: { name: 'words', cardUrl } }), 'registry.agent-exists', 'conflict'],
      [() => acme.admin.forTenant('poor').listAgents(), 'tenancy.tenant-unknown', 'not-found'],
    ];
    for (const [attempt, code, kind] of cases) {
      const error = await attempt().catch((refusal: unknown) => refusal);
      assert.ok(error instanceof ColloquyError, `${code}: ${String(error)}`);
      assert.deepEqual([error.code, error.kind], [code, kind]);
      assert.match(error.requestId ?? '', /^req_[0-9a-f]{32}$/, code);
    }
    const wrong = createClient({
      baseUrl: platform.url,
      tenant: 'acme',
      clientId: tenant.clientId,
      clientSecret: 'no',
    });
    const error = await wrong
      .agent('words')
      .send('x')
      .catch((refusal: unknown) => refusal);
    assert.ok(error instanceof ColloquyError && error.code === 'access.unauthenticated');
    assert.deepEqual(handled, [], 'none of them reached the agent');
  });
});
