/**
 * Guarantee: callers of A2A 0.1, which choose the ids of their tasks and repeat their requests, get their work done and paid for once under
 * the names that they chose, by any agent, and never reach a name that another caller chose.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SseParser } from '@colloquy/protocol/sse';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import { json, say, startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer, WireCall } from './a2a-setting.ts';
import { startReceiver } from './webhook-receiver.ts';
import { assertRpc, rpcRefusal } from './wire-refusal.ts';

interface LegacyTask {
  readonly id: string;
  readonly sessionId: string;
  readonly status: { readonly state: string; readonly message?: { readonly parts: readonly object[] } };
  readonly artifacts?: readonly { readonly index: number; readonly parts: readonly { readonly text: string }[] }[];
}

interface LegacyEvent {
  readonly id: string;
  readonly status?: LegacyTask['status'];
  readonly final?: boolean;
  readonly artifact?: NonNullable<LegacyTask['artifacts']>[number];
}

const price = 5;
const paramsOf = (id: string, text: string, over: object = {}): object => ({
  id,
  sessionId: 'session',
  message: { role: 'user', parts: [{ type: 'text', text }] },
  ...over,
});

describe('a caller of A2A 0.1', () => {
  let setting: A2aSetting;
  let names = 0;
  before(async () => {
    setting = await startA2aSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const newName = (): string => `task ${(names += 1)} / ü`;
  const call = (method: string, params: object, over: WireCall = {}, id: unknown = 'q'): Promise<WireAnswer> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    return setting.call(setting.path, { method: 'POST', body, ...over, headers: { ...json, ...over.headers } });
  };
  const taskOf = ({ json: answer, text }: WireAnswer): LegacyTask => {
    const { result } = answer as { result?: LegacyTask };
    assert.ok(result !== undefined, text);
    return result;
  };
  const ask = async (method: string, params: object, over?: WireCall): Promise<LegacyTask> =>
    taskOf(await call(method, params, over));

  /** The events of a stream, as they come. */
  async function* streamOf(method: string, params: object, headers = {}): AsyncGenerator<LegacyEvent, undefined> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 'q', method, params });
    const response = await setting.fetch(setting.path, { method: 'POST', body, headers: { ...json, ...headers } });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const parser = new SseParser({ eventBytesMax: 1 << 20 });
    const chunks: AsyncIterable<Uint8Array> | null = response.body;
    for await (const chunk of chunks ?? []) {
      for (const { data } of parser.push(chunk)) {
        const { result } = JSON.parse(data) as { result?: LegacyEvent };
        assert.ok(result !== undefined, data);
        yield result;
      }
    }
  }

  const heard = (text: string): number => setting.agent.heard.filter((words) => words === text).length;

  it('sends a task, gets its result under its own id, and finds it again', async () => {
    const id = newName();
    const task = await ask('tasks/send', paramsOf(id, 'hällo'));
    assert.deepEqual([task.id, task.sessionId, task.status.state], [id, 'session', 'completed']);
    assert.deepEqual(task.artifacts, [{ index: 0, parts: [{ type: 'text', text: 'hällo' }] }]);
    const again = await call('tasks/get', { id });
    assert.deepEqual(taskOf(again), task);
    assert.doesNotMatch(again.text, /tsk_|"kind"|TASK_STATE|messageId|contextId/);
    const { status } = await ask('tasks/get', { id, historyLength: 0 });
    assert.equal(status.state, 'completed');
  });

  it('streams: statuses and artifacts under its own id, to a final event', async () => {
    const id = newName();
    const events: LegacyEvent[] = [];
    for await (const event of streamOf('tasks/sendSubscribe', paramsOf(id, 'go'))) events.push(event);
    assert.ok(events.every((event) => event.id === id));
    assert.equal(events[0]?.status?.state, 'submitted');
    const made = events.flatMap(({ artifact }) => artifact?.parts.map(({ text }) => text) ?? []).join('');
    assert.deepEqual([made, events.at(-1)?.status?.state], ['go', 'completed']);
    assert.deepEqual(
      events.map(({ final }) => final ?? false),
      events.map((_event, at) => at === events.length - 1),
    );
    const again: LegacyEvent[] = [];
    const remembered = { 'last-event-id': '2' };
    for await (const event of streamOf('tasks/sendSubscribe', paramsOf(id, 'go'), remembered)) again.push(event);
    assert.deepEqual(again, events, 'from the beginning, where its artifacts are counted from');
  });

  it('repeats a send, at once and later, and the work is done and paid for once', async () => {
    const id = newName();
    const before = await setting.tenant.client.admin.readBalance();
    const many = await Promise.all(Array.from({ length: 12 }, () => ask('tasks/send', paramsOf(id, 'once only'))));
    const later = await ask('tasks/send', paramsOf(id, 'once only'));
    for (const task of [...many, later]) {
      assert.deepEqual([task.id, task.status.state, task.artifacts?.length], [id, 'completed', 1]);
    }
    const events: LegacyEvent[] = [];
    for await (const event of streamOf('tasks/sendSubscribe', paramsOf(id, 'once only'))) events.push(event);
    assert.equal(events.at(-1)?.final, true);
    assert.equal(heard('once only'), 1);
    const balance = await setting.tenant.client.admin.readBalance();
    assert.equal(balance.usedMicrocredits - before.usedMicrocredits, price);
  });

  it('says different things under one new name at once, and begins one task', async () => {
    const id = newName();
    const sends = ['hold this', 'hold that'].map((text) => call('tasks/send', paramsOf(id, text)));
    const answered = Promise.all(sends);
    let isAnswered = false;
    void answered.then(() => (isAnswered = true));
    await eventually('the task that began is let go', () => {
      setting.agent.release();
      return isAnswered;
    });
    const answers = await answered;
    const results = answers.flatMap(({ json: answer }) => (answer as { result?: LegacyTask }).result ?? []);
    assert.equal(results.length, 1);
    assert.equal(heard('hold this') + heard('hold that'), 1);
    const refused = answers.find(({ json: answer }) => !Object.hasOwn(answer as object, 'result'));
    assert.ok(refused !== undefined);
    assertRpc(refused, rpcRefusal(-32004, 'task.ended'));
  });

  it('answers a question under the same name, in the same words if it likes', async () => {
    const id = newName();
    const asking = await ask('tasks/send', paramsOf(id, 'ask me'));
    assert.deepEqual(
      [asking.status.state, asking.status.message?.parts],
      ['input-required', [{ type: 'text', text: 'Which one?' }]],
    );
    const askedAgain = await ask('tasks/send', paramsOf(id, 'ask me'));
    assert.equal(askedAgain.status.state, 'input-required');
    assert.equal(heard('ask me'), 2);
    const done = await ask('tasks/send', paramsOf(id, 'that one'));
    assert.deepEqual([done.status.state, done.artifacts?.[0]?.parts[0]?.text], ['completed', 'that one']);
    assert.deepEqual(await ask('tasks/send', paramsOf(id, 'that one')), done);
    assert.equal(heard('that one'), 1);
    assertRpc(await call('tasks/send', paramsOf(id, 'one more')), rpcRefusal(-32004, 'task.ended'));
    assert.equal(heard('one more'), 0);
  });

  it('gets words without a task as a task that completed with them', async () => {
    const { status } = await ask('tasks/send', paramsOf(newName(), 'reply'));
    assert.deepEqual([status.state, status.message?.parts], ['completed', [{ type: 'text', text: 'Just words.' }]]);
  });

  it('looks in on a task that goes on, and cancels it', async () => {
    const id = newName();
    const first = streamOf('tasks/sendSubscribe', paramsOf(id, 'hold on'));
    for await (const { status } of first) if (status?.state === 'working') break;
    const second = streamOf('tasks/resubscribe', { id });
    const { value: seen } = await second.next();
    assert.ok(seen !== undefined);
    assert.equal(seen.status?.state, 'working');
    assert.equal((await ask('tasks/cancel', { id })).status.state, 'canceled');
    const rest: LegacyEvent[] = [];
    for await (const event of second) rest.push(event);
    assert.deepEqual([rest.at(-1)?.status?.state, rest.at(-1)?.final], ['canceled', true]);
    assertRpc(await call('tasks/resubscribe', { id }), rpcRefusal(-32004, 'task.ended'));
  });

  it('has its names to itself', async () => {
    const id = newName();
    await ask('tasks/send', paramsOf(id, 'mine'));
    const { slug } = setting.tenant;
    const admin = setting.platform.operator.admin.forTenant(slug);
    const scopes = ['a2a:send', 'a2a:read', 'a2a:cancel'];
    const token = await setting.tokenFor(await admin.createClient({ body: { name: 'other', scopes } }));
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/resubscribe']) {
      assertRpc(await call(method, { id }, { token }), rpcRefusal(-32001, 'task.unknown'));
    }
    const theirs = await ask('tasks/send', paramsOf(id, 'theirs'), { token });
    assert.equal(theirs.artifacts?.[0]?.parts[0]?.text, 'theirs');
    assert.equal((await ask('tasks/get', { id })).artifacts?.[0]?.parts[0]?.text, 'mine');
  });

  it('finds its tasks by name at another process, and when every idempotency key is forgotten', async () => {
    const id = newName();
    const task = await ask('tasks/send', paramsOf(id, 'kept'));
    await setting.rows('delete from colloquy.idempotency_keys');
    assert.deepEqual(await ask('tasks/send', paramsOf(id, 'kept')), task);
    await using other = await startTestPlatform({ database: setting.platform.database });
    const token = await setting.tokenFor(setting.tenant, undefined, other.url);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { id } });
    const headers = { ...json, authorization: `Bearer ${token}` };
    const response = await fetch(other.url + setting.path, { method: 'POST', headers, body });
    assert.deepEqual(((await response.json()) as { result: LegacyTask }).result, task);
    assert.equal(heard('kept'), 1);
  });

  it('is called back where it asks for it, and reads where under the name of its task', async () => {
    const id = newName();
    await ask('tasks/send', paramsOf(id, 'with a hook'));
    const pushNotificationConfig = { url: 'http://127.0.0.1:1/hook', authentication: { schemes: ['Bearer'] } };
    const told = (await call('tasks/pushNotification/set', { id, pushNotificationConfig })).json as {
      result?: unknown;
    };
    assert.deepEqual(told.result, { id, pushNotificationConfig });
    const read = (await call('tasks/pushNotification/get', { id })).json as { result?: unknown };
    assert.deepEqual(read.result, { id, pushNotificationConfig });
    const url = 'http://127.0.0.1:1/other';
    await call('tasks/pushNotification/set', { id, pushNotificationConfig: { url } });
    const replaced = (await call('tasks/pushNotification/get', { id })).json as { result?: unknown };
    assert.deepEqual(replaced.result, { id, pushNotificationConfig: { url } });
    assertRpc(await call('tasks/pushNotification/get', { id: newName() }), rpcRefusal(-32001, 'task.unknown'));
  });

  it('is told its task, under its own name, at the address that came with the send', async () => {
    await using receiver = await startReceiver();
    const id = newName();
    const pushNotification = { url: `${receiver.url}/hook`, token: 'of the hook' };
    await ask('tasks/send', paramsOf(id, 'tell me', { pushNotification }));
    const last = await eventually('the end of the task is told', () =>
      receiver.at('/hook').find(({ body }) => body.includes('"completed"')),
    );
    const told = JSON.parse(last.body) as LegacyTask;
    assert.deepEqual([told.id, told.sessionId, told.status.state], [id, 'session', 'completed']);
    assert.equal(told.artifacts?.[0]?.parts[0]?.text, 'tell me');
    assert.ok(receiver.at('/hook').every(({ body }) => !body.includes('tsk_')));
  });

  it('names nothing with a send that is refused', async () => {
    const poor = await setting.platform.createTenant('poor', { credits: price });
    const card = new URL('/.well-known/agent-card.json', setting.agent.url).href;
    await poor.client.admin.registerAgent({ body: { name: 'worker', cardUrl: card, priceMicrocredits: 2 * price } });
    const token = await setting.tokenFor(poor);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/send', params: paramsOf('a', 'affordable') });
    const path = '/t/poor/agents/worker';
    const refused = await setting.call(path, { method: 'POST', body, headers: json, token });
    assertRpc(refused, rpcRefusal(-32000, 'credits.insufficient'));
    const kept = await setting.rows(
      "select * from colloquy.task_aliases a join colloquy.tenants t using (tenant_id) where t.slug = 'poor'",
    );
    assert.deepEqual(kept, []);
    await setting.platform.operator.admin.forTenant('poor').grantCredits({ body: { amountMicrocredits: 10 * price } });
    const again = await setting.call(path, { method: 'POST', body, headers: json, token });
    assert.equal(taskOf(again).status.state, 'completed');
  });

  it('may know a task by the id of ours, too', async () => {
    const { result } = (await setting.rpc('SendMessage', say('by 1.0'))).json as { result: { task: { id: string } } };
    assertRpc(
      await call('tasks/send', paramsOf(result.task.id, 'more', { sessionId: null })),
      rpcRefusal(-32004, 'task.ended'),
    );
    assert.equal(heard('more'), 0);
  });

  it('finds a card at the old place, with the old words on it', async () => {
    const { json: card, headers } = await setting.call(`${setting.path}/.well-known/agent.json`);
    const { url, authentication, capabilities, skills } = card as Record<string, unknown>;
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal(url, setting.platform.url + setting.path);
    assert.deepEqual(authentication, { schemes: ['Bearer'] });
    assert.equal((capabilities as { streaming: boolean }).streaming, true);
    assert.deepEqual(skills, []);
  });

  describe('without JSON-RPC', () => {
    const post = (path: string, body: object, over: WireCall = {}): Promise<WireAnswer> =>
      setting.call(setting.path + path, { method: 'POST', body: JSON.stringify(body), headers: json, ...over });

    it('posts a task and gets its result, once however often', async () => {
      const id = newName();
      const body = { id, message: { text: 'plain work' }, timestamp: new Date().toISOString() };
      const first = await post('/tasks/send', body);
      const { timestamp, ...told } = first.json as { timestamp: string };
      assert.deepEqual(told, { id, status: 'completed', result: 'plain work' });
      assert.match(timestamp, /^\d{4}-.*Z$/);
      assert.deepEqual((await post('/tasks/send', body)).json, first.json);
      assert.equal(heard('plain work'), 1);
      assert.equal((await ask('tasks/get', { id })).status.state, 'completed');
    });

    it('posts a message and gets one', async () => {
      const body = { method: 'message/send', params: { message: { role: 'user', parts: [{ text: 'plain words' }] } } };
      const { json: answer } = await post('/a2a/message/send', body);
      const { message, status } = answer as { message: { parts: object[] }; status: string };
      assert.deepEqual([message.parts, status], [[{ type: 'text', text: 'plain words' }], 'completed']);
    });

    it('needs a token', async () => {
      for (const path of ['/tasks/send', '/a2a/message/send']) {
        const { status, headers } = await post(path, { id: 'a', message: { text: 'never' } }, { token: null });
        assert.equal(status, 401);
        assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
      }
      assert.equal(heard('never'), 0);
    });
  });
});
