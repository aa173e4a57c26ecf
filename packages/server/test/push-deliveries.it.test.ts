/**
 * Guarantee: a subscriber of a task gets everything that happens to it, in order and at least once, under ids that mark a
 * repetition; a failing receiver is retried with growing pauses, and a dead-lettered delivery is kept and can be replayed.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { say, startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';
import { gistOf, isSigned, startReceiver } from './webhook-receiver.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

interface DeliveryRow {
  readonly deliveryId: string;
  readonly taskId: string;
  readonly configId: string;
  readonly seq: number;
  readonly state: string;
  readonly attempts: number;
  readonly lastStatus?: number;
  readonly lastReason?: string;
}

interface TaskOf03 {
  readonly kind: string;
  readonly status: { readonly state: string };
  readonly artifacts?: readonly object[];
}

const token = 'secret-token-of-the-receiver';
const credentials = 'secret.bearer.credentials';
const whole = ['task submitted', 'artifact', 'status completed'];

describe('deliveries', () => {
  let setting: A2aSetting;
  let receiver: WebhookReceiver;

  before(async () => {
    setting = await startA2aSetting({ env: { COLLOQUY_PUSH_RETRY_MS: '20', COLLOQUY_PUSH_ANSWER_MS: '300' } });
    receiver = await startReceiver();
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    receiver.answer = () => 200;
  });

  const send = async (words: string, path: string, more: object = {}): Promise<Task> => {
    const configuration = { taskPushNotificationConfig: { url: receiver.url + path, ...more } };
    const answer = await setting.rpc('SendMessage', { ...say(words), configuration });
    return (answer.json as { result: { task: Task } }).result.task;
  };
  const sendNow = async (words: string, path: string): Promise<Task> => {
    const configuration = { returnImmediately: true, taskPushNotificationConfig: { url: receiver.url + path } };
    const answer = await setting.rpc('SendMessage', { ...say(words), configuration });
    return (answer.json as { result: { task: Task } }).result.task;
  };
  const configsOf = async (taskId: string) => {
    const { json } = await setting.rpc('ListTaskPushNotificationConfigs', { taskId });
    return (json as { result: { configs: { id: string; url: string }[] } }).result.configs;
  };
  const api = (below: string): string => `/api/v1/tenants/${setting.tenant.slug}/deliveries${below}`;
  const deliveriesOf = async (taskId: string, query = ''): Promise<readonly DeliveryRow[]> => {
    const answer = await setting.call(api(`?task=${taskId}${query}`));
    return (answer.json as { items: DeliveryRow[] }).items;
  };
  const told = (path: string, count: number): Promise<readonly string[]> =>
    eventually(`${String(count)} notifications at ${path}`, () => {
      const gists = receiver.at(path).map(gistOf);
      if (gists.length < count) throw new Error(`only ${gists.join(', ')}`);
      return gists;
    });
  const settled = (taskId: string, count: number): Promise<readonly DeliveryRow[]> =>
    eventually('every delivery settled', async () => {
      const rows = await deliveriesOf(taskId);
      return rows.length === count && rows.every(({ state }) => state === 'delivered' || state === 'dead') && rows;
    });

  it('tell every event in the order of the log, each once, as the specification has it', async () => {
    const task = await send('go', '/whole', { token, authentication: { scheme: 'Bearer', credentials } });
    assert.deepEqual(await told('/whole', whole.length), whole);
    const calls = receiver.at('/whole');
    for (const { headers, body } of calls) {
      assert.equal(headers['content-type'], 'application/a2a+json');
      assert.equal(headers['x-a2a-notification-token'], token);
      assert.equal(headers['a2a-notification-token'], token);
      assert.equal(headers.authorization, `Bearer ${credentials}`);
      assert.match(body, new RegExp(task.id));
      assert.ok(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000) < 60);
    }
    const rows = await settled(task.id, whole.length);
    assert.deepEqual(
      rows.map(({ seq, state, attempts, lastStatus }) => [seq, state, attempts, lastStatus]),
      [1, 2, 3].map((seq) => [seq, 'delivered', 1, 200]),
    );
    assert.deepEqual(
      calls.map(({ headers }) => headers['webhook-id']),
      rows.map(({ deliveryId }) => deliveryId),
    );
    const answer = await setting.call(api(`/${rows[0]?.deliveryId ?? ''}/signing-secret`));
    const { signingSecret } = answer.json as { signingSecret: string };
    assert.match(signingSecret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    for (const call of calls) assert.ok(isSigned(call, signingSecret));
    const [first] = calls;
    assert.ok(first !== undefined && !isSigned({ ...first, body: `${first.body} ` }, signingSecret));
  });

  it('TASK-22 name the context by the id that its caller chose', async () => {
    const configuration = { taskPushNotificationConfig: { url: `${receiver.url}/context` } };
    await setting.rpc('SendMessage', { ...say('go', { contextId: 'session-1' }), configuration });
    await told('/context', whole.length);
    for (const { body } of receiver.at('/context')) {
      const ids = Array.from(body.matchAll(/"contextId":"([^"]*)"/g), ([, id]) => id);
      assert.deepEqual([...new Set(ids)], ['session-1']);
    }
  });

  it('carry two signatures while a receiver learns a new secret, and one afterwards (T18)', async () => {
    const task = await send('go', '/rotated');
    const [first] = await settled(task.id, whole.length);
    const delivery = first?.deliveryId ?? '';
    const path = api(`/${delivery}/signing-secret`);
    const asJson = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const secretOf = ({ json }: { readonly json: unknown }): string =>
      (json as { readonly signingSecret: string }).signingSecret;
    const replayed = async (count: number) => {
      await setting.call(api(`/${delivery}/replay`), { method: 'POST' });
      await told('/rotated', count);
      const call = receiver.at('/rotated').at(-1);
      assert.ok(call !== undefined);
      await settled(task.id, whole.length);
      return call;
    };
    const former = secretOf(await setting.call(path));
    const next = secretOf(await setting.call(path, { ...asJson, body: '{}' }));
    const during = await replayed(whole.length + 1);
    assert.deepEqual([isSigned(during, next), isSigned(during, former)], [true, true]);
    const last = secretOf(await setting.call(path, { ...asJson, body: '{"overlapMs":0}' }));
    const afterwards = await replayed(whole.length + 2);
    assert.deepEqual(
      [last, next, former].map((secret) => isSigned(afterwards, secret)),
      [true, false, false],
    );
  });

  it('send an API key where receivers look for one, and basic credentials as they were given', async () => {
    await send('go', '/key', { authentication: { scheme: 'ApiKey', credentials: 'k-123' } });
    await send('go', '/basic', { authentication: { scheme: 'Basic', credentials: 'dXNlcjpwYXNz' } });
    await told('/key', 3);
    await told('/basic', 3);
    assert.equal(receiver.at('/key')[0]?.headers['x-api-key'], 'k-123');
    assert.equal(receiver.at('/key')[0]?.headers.authorization, 'ApiKey k-123');
    assert.equal(receiver.at('/basic')[0]?.headers.authorization, 'Basic dXNlcjpwYXNz');
    assert.equal(receiver.at('/basic')[0]?.headers['x-a2a-notification-token'], undefined);
  });

  it('tell subscribers of A2A 0.3 the task as it is after each event, in the words of 0.3', async () => {
    const message = { kind: 'message', messageId: 'm-03', role: 'user', parts: [{ kind: 'text', text: 'go' }] };
    const pushNotificationConfig = { url: `${receiver.url}/v03`, token };
    const params = { message, configuration: { blocking: true, pushNotificationConfig } };
    await setting.rpc('message/send', params, { headers: { 'a2a-version': '0.3' } });
    const tasks = await eventually('three notifications', () => {
      const bodies = receiver.at('/v03').map(({ body }) => JSON.parse(body) as TaskOf03);
      return bodies.length === 3 && bodies;
    });
    assert.deepEqual(
      tasks.map(({ kind, status, artifacts }) => [kind, status.state, artifacts?.length ?? 0]),
      [
        ['task', 'submitted', 0],
        ['task', 'submitted', 1],
        ['task', 'completed', 1],
      ],
    );
    assert.equal(receiver.at('/v03')[0]?.headers['content-type'], 'application/json');
    assert.equal(receiver.at('/v03')[0]?.headers['x-a2a-notification-token'], token);
  });

  it('tell the turns of the agent and not those of the user', async () => {
    const task = await send('ask me', '/turns');
    await told('/turns', 2);
    await setting.rpc('SendMessage', say('this one', { taskId: task.id, contextId: task.contextId }));
    assert.deepEqual(await told('/turns', 5), [
      'task submitted',
      'status input_required',
      'status working',
      'artifact',
      'status completed',
    ]);
    assert.equal((await settled(task.id, 5)).length, 5);
  });

  it('begin with the turn that brought the subscription', async () => {
    const answer = await setting.rpc('SendMessage', say('ask me'));
    const { task } = (answer.json as { result: { task: Task } }).result;
    const configuration = { taskPushNotificationConfig: { url: `${receiver.url}/late`, taskId: task.id } };
    await setting.rpc('SendMessage', { ...say('this one', { taskId: task.id }), configuration });
    assert.deepEqual(await told('/late', 3), ['status working', 'artifact', 'status completed']);
    assert.equal(receiver.at('/late').length, 3);
  });

  it('go where the last turn that named the config wants them', async () => {
    const task = await send('ask me', '/first', { id: 'mine', token: 'an-old-token' });
    await told('/first', 2);
    const configuration = { taskPushNotificationConfig: { url: `${receiver.url}/moved`, id: 'mine', token } };
    await setting.rpc('SendMessage', { ...say('this one', { taskId: task.id }), configuration });
    assert.deepEqual(await told('/moved', 3), ['status working', 'artifact', 'status completed']);
    assert.equal(receiver.at('/moved')[0]?.headers['x-a2a-notification-token'], token);
    assert.equal((await settled(task.id, 5)).length, 5);
    assert.equal(receiver.at('/first').length, 2);
  });

  it('begin with the repeat of a send that brought the subscription, once however often it is repeated', async () => {
    const request = say('hold for a late webhook');
    const repeat = async (more: object): Promise<Task> => {
      const configuration = { returnImmediately: true, ...more };
      const answer = await setting.rpc('SendMessage', { ...request, configuration });
      return (answer.json as { result: { task: Task } }).result.task;
    };
    const task = await repeat({});
    assert.deepEqual(await configsOf(task.id), []);
    const url = `${receiver.url}/repeated`;
    const config = { taskPushNotificationConfig: { url, token } };
    for (let at = 0; at < 3; at += 1) assert.equal((await repeat(config)).id, task.id);
    assert.deepEqual(
      (await configsOf(task.id)).map((stored) => stored.url),
      [url],
    );
    const named = { url: `${receiver.url}/named`, id: 'mine' };
    await repeat({ taskPushNotificationConfig: named });
    await repeat({ taskPushNotificationConfig: { ...named, url: `${receiver.url}/never` } });
    await repeat({ taskPushNotificationConfig: { url, id: 'another' } });
    assert.equal((await configsOf(task.id)).length, 2);
    const entries = `select action from colloquy.audit_entries where resource = '${task.id}' and action like 'push%'`;
    assert.equal((await setting.rows(entries)).length, 2, 'one for each config, none for a repeat');
    setting.agent.release();
    for (const path of ['/repeated', '/named'])
      await eventually(`the end at ${path}`, () => receiver.at(path).map(gistOf).includes('status completed'));
    assert.equal(receiver.at('/repeated')[0]?.headers['x-a2a-notification-token'], token);
    assert.equal(receiver.at('/repeated').filter((call) => gistOf(call) === 'status completed').length, 1);
    assert.ok(!receiver.at('/never').map(gistOf).includes('status completed'));
    assert.equal(setting.agent.heard.filter((words) => words === 'hold for a late webhook').length, 1);
  });

  for (const [kind, id] of Object.entries({ 'with an id': 'mine', 'without an id': undefined }))
    it(`neither come back nor go back by a late repeat of a send whose config was moved or deleted, ${kind}`, async () => {
      const url = `${receiver.url}/left`;
      const configuration = { taskPushNotificationConfig: { url, ...(id === undefined ? {} : { id }) } };
      const request = { ...say('go'), configuration };
      const { task } = ((await setting.rpc('SendMessage', request)).json as { result: { task: Task } }).result;
      const [first] = await configsOf(task.id);
      assert.equal(first?.url, url);
      if (id !== undefined) {
        const moved = { taskId: task.id, id, url: `${receiver.url}/moved-on` };
        await setting.rpc('CreateTaskPushNotificationConfig', moved);
        await setting.rpc('SendMessage', request);
        assert.deepEqual(
          (await configsOf(task.id)).map((stored) => stored.url),
          [moved.url],
        );
      }
      await setting.rpc('DeleteTaskPushNotificationConfig', { taskId: task.id, id: first.id });
      const answer = await setting.rpc('SendMessage', request);
      assert.equal((answer.json as { result: { task: Task } }).result.task.id, task.id);
      assert.deepEqual(await configsOf(task.id), []);
    });

  it('come again after a failure, under the same id and before anything later', async () => {
    let failures = 0;
    receiver.answer = ({ body }) => (body.includes('artifactUpdate') && (failures += 1) <= 3 ? 500 : 200);
    const task = await send('go', '/again');
    const gists = await told('/again', 6);
    assert.deepEqual(gists, ['task submitted', 'artifact', 'artifact', 'artifact', 'artifact', 'status completed']);
    const rows = await settled(task.id, 3);
    assert.deepEqual(
      rows.map(({ attempts }) => attempts),
      [1, 4, 1],
    );
    const ids = receiver.at('/again').map(({ headers }) => headers['webhook-id']);
    assert.equal(new Set(ids).size, 3);
    assert.equal(new Set(ids.slice(1, 5)).size, 1);
  });

  it('wait as long as the receiver asks, and no redirect is followed', async () => {
    let count = 0;
    receiver.answer = ({ path }) => {
      if (path === '/elsewhere') return 200;
      count += 1;
      if (count === 1) return { status: 429, headers: { 'retry-after': '1' } };
      if (count === 2) return { status: 307, headers: { location: '/elsewhere' } };
      return 200;
    };
    await send('go', '/asks');
    await told('/asks', 5);
    const [first, second] = receiver.at('/asks');
    assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 950);
    assert.deepEqual(receiver.at('/elsewhere'), []);
  });

  it('are dead-lettered after the last attempt, kept with the reason, and the rest is sent once each until one arrives', async () => {
    receiver.answer = ({ body }) => (body.includes('"statusUpdate"') && body.includes('COMPLETED') ? 200 : 503);
    const task = await send('go', '/dead');
    const rows = await settled(task.id, 3);
    assert.deepEqual(
      rows.map(({ state, attempts, lastStatus, lastReason }) => [state, attempts, lastStatus, lastReason]),
      [
        ['dead', limits.deliveryAttemptsMax, 503, 'http-status'],
        ['dead', 1, 503, 'http-status'],
        ['delivered', 1, 200, undefined],
      ],
    );
    assert.equal((await deliveriesOf(task.id, '&state=dead')).length, 2);
    assert.equal(receiver.at('/dead').length, limits.deliveryAttemptsMax + 2);
  });

  it('are replayed on request, once and under their id', async () => {
    receiver.answer = () => 500;
    const task = await send('go', '/replay');
    const [dead, , last] = await settled(task.id, 3);
    const before = receiver.at('/replay').length;
    receiver.answer = ({ body }) => (body.includes('COMPLETED') ? 500 : 200);
    for (const row of [dead, last]) {
      const answer = await setting.call(api(`/${row?.deliveryId ?? ''}/replay`), { method: 'POST' });
      assert.equal(answer.status, 200);
    }
    await told('/replay', before + 2);
    const rows = await settled(task.id, 3);
    assert.deepEqual([rows[0]?.state, rows[2]?.state, rows[2]?.attempts], ['delivered', 'dead', 1]);
    assert.equal(receiver.at('/replay')[before]?.headers['webhook-id'], dead?.deliveryId);
    assert.equal(receiver.at('/replay').length, before + 2);
    const unknown = await setting.call(api(`/dlv_${'0'.repeat(32)}/replay`), { method: 'POST' });
    assert.deepEqual([unknown.status, (unknown.json as { code: string }).code], [404, 'delivery.unknown']);
    assert.equal((await setting.call(api('/nonsense/replay'), { method: 'POST' })).status, 404);
  });

  it('end when the receiver is gone', async () => {
    receiver.answer = () => 410;
    const task = await send('go', '/gone');
    const rows = await settled(task.id, 1);
    assert.deepEqual([rows[0]?.state, rows[0]?.lastStatus, rows[0]?.lastReason], ['dead', 410, 'gone']);
    await send('go', '/after-gone');
    await told('/after-gone', 1);
    assert.equal(receiver.at('/gone').length, 1);
  });

  it('do not tell silence, a closed port and a foreign name apart', async () => {
    receiver.answer = () => null;
    const silent = await send('go', '/silent');
    const closed = { url: 'http://127.0.0.1:1/hook' };
    const answer = await setting.rpc('SendMessage', {
      ...say('go'),
      configuration: { taskPushNotificationConfig: closed },
    });
    const { task } = (answer.json as { result: { task: Task } }).result;
    for (const taskId of [silent.id, task.id]) {
      const row = await eventually('a first try', async () => (await deliveriesOf(taskId))[0]);
      assert.deepEqual([row.lastReason, row.lastStatus], ['no-answer', undefined]);
    }
  });

  it('to one slow receiver delay no other', async () => {
    receiver.answer = ({ path }) => (path === '/slow' ? null : 200);
    for (let i = 0; i < limits.deliveriesPerOriginMax; i += 1) await sendNow('hold', '/slow');
    await eventually('slow ones under way', () => receiver.at('/slow').length >= limits.deliveriesPerOriginMax);
    const other = await startReceiver();
    const answer = await setting.rpc('SendMessage', {
      ...say('go'),
      configuration: { taskPushNotificationConfig: { url: other.url } },
    });
    assert.equal(answer.status, 200);
    const startedMs = performance.now();
    await eventually('the other is told', () => other.calls.length === 3);
    assert.ok(performance.now() - startedMs < 1_000);
    setting.agent.release();
    await other[Symbol.asyncDispose]();
  });

  it('stop when their config is deleted', async () => {
    const task = await sendNow('hold', '/deleted');
    await told('/deleted', 2);
    const listed = await setting.rpc('ListTaskPushNotificationConfigs', { taskId: task.id });
    const [config] = (listed.json as { result: { configs: { id: string }[] } }).result.configs;
    const params = { taskId: task.id, id: config?.id };
    assert.equal((await setting.rpc('DeleteTaskPushNotificationConfig', params)).status, 200);
    setting.agent.release();
    await send('go', '/after-deletion');
    await told('/after-deletion', 3);
    assert.equal(receiver.at('/deleted').length, 2);
    assert.deepEqual(await deliveriesOf(task.id), []);
  });

  it('reveal no secret: not in an answer, a log line, a row, or to another tenant', async () => {
    const task = await send('go', '/secrets', { token, authentication: { scheme: 'Bearer', credentials } });
    await told('/secrets', 3);
    const listed = await setting.rpc('ListTaskPushNotificationConfigs', { taskId: task.id });
    const shown = [listed.text, (await setting.call(api(''))).text, ...setting.platform.logLines].join('\n');
    assert.match(listed.text, /"scheme":"Bearer"/);
    const rows = await setting.rows('select s::text as row from colloquy.push_subscriptions s');
    for (const secret of [token, credentials]) {
      assert.ok(!shown.includes(secret));
      assert.ok(!JSON.stringify(rows).includes(secret));
      assert.ok(!JSON.stringify(rows).includes(Buffer.from(secret).toString('hex')));
    }
    const outsider = await setting.platform.createTenant('outsider');
    const foreign = { token: await setting.tokenFor(outsider) };
    const [row] = await deliveriesOf(task.id);
    const own = `/api/v1/tenants/${outsider.slug}/deliveries`;
    assert.equal((await setting.call(api(''), foreign)).status, 404);
    assert.deepEqual((await setting.call(`${own}?task=${task.id}`, foreign)).json, { items: [] });
    for (const [method, below] of [
      ['POST', 'replay'],
      ['GET', 'signing-secret'],
    ]) {
      const answer = await setting.call(`${own}/${row?.deliveryId ?? ''}/${below ?? ''}`, {
        ...foreign,
        method: method ?? '',
      });
      assert.equal(answer.status, 404);
    }
    const weak = await setting.tokenFor(setting.tenant, 'a2a:send a2a:read deliveries:read');
    assert.equal(
      (await setting.call(api(`/${row?.deliveryId ?? ''}/replay`), { token: weak, method: 'POST' })).status,
      403,
    );
  });
});
