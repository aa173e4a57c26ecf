/**
 * Guarantee: bad input gets the error that A2A names for it, on both bindings, and leaves no trace: no row is written and no
 * agent hears of it. A task that the caller may not know of is answered like one that does not exist.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer, WireCall } from './a2a-setting.ts';
import { assertHarmless, assertRpc, reasonOf, restStatusOf, rpcRefusal } from './wire-refusal.ts';
import type { Refusal } from './wire-refusal.ts';

const parse = rpcRefusal(-32700);
const envelope = rpcRefusal(-32600);
const params = rpcRefusal(-32602);
const unknownMethod = rpcRefusal(-32601, 'request.unknown-address');
const badVersion = rpcRefusal(-32009);
const mediaType = rpcRefusal(-32005, 'request.unsupported-media-type');
const badAddress = rpcRefusal(-32602, 'egress.refused');
const tooLarge = rpcRefusal(-32000, 'request.too-large', 413);
const noTask = rpcRefusal(-32001, 'task.unknown');
const noAgent = rpcRefusal(-32000, 'registry.agent-unknown', 404);

const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const message = (over: object = {}): object => ({ ...say('never').message, ...over });
const withPush = (config: object): string =>
  JSON.stringify({ message: message(), configuration: { taskPushNotificationConfig: config } });
const send = (text: string): string => `{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":${text}}`;
const withText = (text: string): string =>
  `{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"${text}"}]}}`;
const headers = (over: Readonly<Record<string, string>>): WireCall => ({ headers: { ...json, ...version, ...over } });

/** Bodies that are bad whatever carries them: `text` is the whole REST body of a send, and the params of a JSON-RPC one. */
const badSends: readonly (readonly [name: string, text: string, refusal: Refusal])[] = [
  ['a text instead of an object', '"hello"', params],
  ['a list instead of an object', '[]', params],
  ['no message', '{}', params],
  ['a message that is a text', '{"message":"hello"}', params],
  ['no parts', JSON.stringify({ message: message({ parts: undefined }) }), params],
  ['empty parts', JSON.stringify({ message: message({ parts: [] }) }), params],
  ['parts that are no list', JSON.stringify({ message: message({ parts: { text: 'x' } }) }), params],
  ['an empty part', JSON.stringify({ message: message({ parts: [{}] }) }), params],
  ['a part of two kinds', JSON.stringify({ message: message({ parts: [{ text: 'x', url: 'y' }] }) }), params],
  ['a part with a number for a text', JSON.stringify({ message: message({ parts: [{ text: 7 }] }) }), params],
  ['bytes that are no base64', JSON.stringify({ message: message({ parts: [{ raw: '***' }] }) }), params],
  [
    'too many parts',
    JSON.stringify({ message: message({ parts: Array.from({ length: 1001 }, () => ({ text: '' })) }) }),
    params,
  ],
  ['no role', JSON.stringify({ message: message({ role: undefined }) }), params],
  ['an unknown role', JSON.stringify({ message: message({ role: 'user' }) }), params],
  ['no message id', JSON.stringify({ message: message({ messageId: '' }) }), params],
  ['an endless message id', JSON.stringify({ message: message({ messageId: 'x'.repeat(257) }) }), params],
  ['an endless context id', JSON.stringify({ message: message({ contextId: 'x'.repeat(257) }) }), params],
  ['metadata that is no object', JSON.stringify({ message: message(), metadata: [] }), params],
  ['a negative history', JSON.stringify({ message: message(), configuration: { historyLength: -1 } }), params],
  ['a tenant that the card has not', JSON.stringify({ tenant: 'other', message: message() }), params],
  [
    'a push configuration without an address',
    JSON.stringify({ message: message(), configuration: { taskPushNotificationConfig: {} } }),
    params,
  ],
  ['a push address that may not be called', withPush({ url: 'http://192.168.7.7/hook' }), badAddress],
  ['a push address of another kind', withPush({ url: 'ftp://x.example/hook' }), badAddress],
  ['a push config of another task', withPush({ url: 'http://127.0.0.1:1/x', taskId: 'tsk_1' }), params],
  ['a push token that is no header field', withPush({ url: 'http://127.0.0.1:1/x', token: 'a\r\nb: c' }), params],
  ['an unknown task', JSON.stringify({ message: message({ taskId: 'tsk_00000000000000000000000000000000' }) }), noTask],
  ['no id of ours', JSON.stringify({ message: message({ taskId: 'task-1' }) }), noTask],
  ['a repeated key', withText('x","text":"y'), envelope],
  ['a NUL', withText(String.raw`\u0000`), envelope],
  ['a lone surrogate', withText(String.raw`\ud800`), envelope],
  ['a number beyond doubles', '{"message":{},"metadata":{"n":1e999}}', envelope],
  ['nesting beyond the bound', `{"message":{},"metadata":{"d":${deep(limits.jsonDepthMax)}}}`, envelope],
  ['no JSON', '{"message":', parse],
  ['too many bytes', `"${'x'.repeat(limits.bodyBytesMax)}"`, tooLarge],
];

/** Header fields that are bad whatever the body. */
const badHeaders: readonly (readonly [name: string, over: Readonly<Record<string, string>>, refusal: Refusal])[] = [
  ['no version', { 'a2a-version': '' }, badVersion],
  ['a version that never was', { 'a2a-version': '0.9' }, badVersion],
  ['a version to come', { 'a2a-version': '99.0' }, badVersion],
  ['a version that is none', { 'a2a-version': 'one' }, badVersion],
  ['a text', { 'content-type': 'text/plain' }, mediaType],
  ['XML', { 'content-type': 'application/xml' }, mediaType],
  ['a media type that is none', { 'content-type': 'json' }, mediaType],
  ['another charset', { 'content-type': 'application/json; charset=latin1' }, mediaType],
  ['a content coding', { 'content-encoding': 'gzip' }, mediaType],
  ['an empty key', { 'idempotency-key': '' }, params],
  ['a key with a space', { 'idempotency-key': 'a b' }, params],
  ['an endless key', { 'idempotency-key': 'x'.repeat(257) }, params],
];

const badRpcBodies: readonly (readonly [name: string, body: string | Uint8Array, refusal: Refusal])[] = [
  ['no body', '', envelope],
  ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), parse],
  ['a byte order mark', `\uFEFF${send('{}')}`, parse],
  ['a batch', `[${send(JSON.stringify(say('never')))}]`, envelope],
  ['a text', '"SendMessage"', envelope],
  ['another JSON-RPC', send('{}').replace('2.0', '1.0'), envelope],
  ['a notification', send('{}').replace('"id":1,', ''), envelope],
  ['an id that is an object', send('{}').replace('"id":1', '"id":{}'), envelope],
  ['an id that is a fraction', send('{}').replace('"id":1', '"id":1.5'), envelope],
  ['no method', '{"jsonrpc":"2.0","id":1}', envelope],
  ['an unknown method', send('{}').replace('SendMessage', 'RunAway'), unknownMethod],
  ['a method of an older version', send('{}').replace('SendMessage', 'message/send'), unknownMethod],
  ['a method in other case', send('{}').replace('SendMessage', 'sendmessage'), unknownMethod],
  ['a prototype for a method', send('{}').replace('SendMessage', '__proto__'), unknownMethod],
];

const badRpcCalls: readonly (readonly [method: string, request: unknown, refusal: Refusal])[] = [
  ['GetTask', {}, params],
  ['GetTask', { id: 7 }, params],
  ['GetTask', { id: 'x', historyLength: -1 }, params],
  ['ListTasks', { pageSize: 0 }, params],
  ['ListTasks', { pageSize: 101 }, params],
  ['ListTasks', { pageToken: 'forged' }, rpcRefusal(-32602, 'task.page-token-invalid')],
  ['ListTasks', { status: 'DONE' }, params],
  ['ListTasks', { statusTimestampAfter: 'yesterday' }, params],
  ['CancelTask', { id: '' }, params],
  ['SubscribeToTask', null, params],
  ['CreateTaskPushNotificationConfig', {}, params],
  ['CreateTaskPushNotificationConfig', { taskId: 'x', url: 'http://127.0.0.1:1/x' }, noTask],
  ['GetTaskPushNotificationConfig', {}, params],
  ['GetTaskPushNotificationConfig', { taskId: 'x', id: 'y' }, noTask],
  ['ListTaskPushNotificationConfigs', {}, params],
  ['ListTaskPushNotificationConfigs', { taskId: 'x' }, noTask],
  ['DeleteTaskPushNotificationConfig', {}, params],
  ['DeleteTaskPushNotificationConfig', { taskId: 'x', id: 'y' }, noTask],
];

const badRestCalls: readonly (readonly [verb: string, path: string, refusal: Refusal])[] = [
  ['GET', '/nowhere', unknownMethod],
  ['POST', '/message:send/', unknownMethod],
  ['POST', '/message%3Asend', unknownMethod],
  ['POST', '/other/message:send', params],
  ['GET', '/message:send', rpcRefusal(-32000, 'request.unknown-address', 405)],
  ['DELETE', '/tasks/x', rpcRefusal(-32000, 'request.unknown-address', 405)],
  ['PUT', '/tasks', rpcRefusal(-32000, 'request.unknown-address', 405)],
  ['GET', '/tasks/%00', envelope],
  ['GET', '/tasks?pageSize=0', params],
  ['GET', '/tasks?pageSize=many', params],
  ['GET', '/tasks?pageSize=1&pageSize=2', params],
  ['GET', '/tasks?includeArtifacts=yes', params],
  ['GET', '/tasks?pageToken=forged', rpcRefusal(-32602, 'task.page-token-invalid')],
  ['GET', '/tasks/x?historyLength=-1', params],
  ['GET', '/tasks/x/pushNotificationConfigs', noTask],
  ['GET', '/tasks/x/pushNotificationConfigs?pageSize=-1', params],
  ['GET', '/tasks/x/pushNotificationConfigs/y', noTask],
  ['DELETE', '/tasks/x/pushNotificationConfigs/y', noTask],
];

describe('bad input', () => {
  let setting: A2aSetting;
  let rowsBefore: string;
  before(async () => {
    setting = await startA2aSetting();
    await setting.rpc('SendMessage', say('a task to be careful with'));
    rowsBefore = await setting.everyRow();
  });
  after(async () => {
    try {
      await assertUntouched();
    } finally {
      await setting[Symbol.asyncDispose]();
    }
  });
  const assertUntouched = async (): Promise<void> => {
    assert.equal(await setting.everyRow(), rowsBefore, 'nothing was written');
    assert.ok(!setting.agent.heard.includes('never'), 'no agent heard of it');
  };

  const post = (body: string | Uint8Array, call: WireCall = headers({})): Promise<WireAnswer> =>
    setting.call(setting.path, { method: 'POST', body, ...call });
  const postRest = (body: string | Uint8Array, call: WireCall = headers({})): Promise<WireAnswer> =>
    setting.call(`${setting.path}/message:send`, { method: 'POST', body, ...call });

  describe('over JSON-RPC is refused:', () => {
    for (const [name, text, refusal] of badSends) {
      it(name, async () => assertRpc(await post(send(text)), refusal));
    }
    for (const [name, over, refusal] of badHeaders) {
      it(name, async () => assertRpc(await post(send(JSON.stringify(say('never'))), headers(over)), refusal));
    }
    for (const [name, body, refusal] of badRpcBodies) {
      it(name, async () => assertRpc(await post(body), refusal));
    }
    for (const [method, request, refusal] of badRpcCalls) {
      it(`${method} ${JSON.stringify(request)}`, async () => assertRpc(await setting.rpc(method, request), refusal));
    }
    it('a media type before a body that is no JSON', async () => {
      assertRpc(await post('hello', headers({ 'content-type': 'text/plain' })), mediaType);
    });
    it('another verb', async () => {
      for (const verb of ['GET', 'PUT', 'DELETE']) {
        const answer = await setting.rest(verb, verb === 'PUT' ? '/' : '');
        assertRpc(answer, rpcRefusal(-32000, 'request.unknown-address', 405));
        assert.equal(answer.headers.get('allow'), 'POST');
      }
    });
    it('an event id that is none', async () => {
      const call = { headers: { 'last-event-id': '-1' } };
      assertRpc(await setting.rpc('SendStreamingMessage', say('never'), call), params);
    });
  });

  describe('over HTTP+JSON is refused:', () => {
    for (const [name, text, refusal] of badSends) {
      it(name, async () => assertRest(await postRest(text), refusal));
    }
    for (const [name, over, refusal] of badHeaders) {
      it(name, async () => assertRest(await postRest(JSON.stringify(say('never')), headers(over)), refusal));
    }
    for (const [verb, path, refusal] of badRestCalls) {
      it(`${verb} ${path}`, async () =>
        assertRest(await setting.rest(verb, path, verb === 'POST' ? say('never') : undefined), refusal));
    }
    it('a path that is no UTF-8', async () => {
      assert.equal((await setting.rest('GET', '/tasks/%E0%A4')).status, 404);
    });
    it('no body where there must be one', async () => assertRest(await setting.rest('POST', '/message:send'), params));
  });

  it('is answered in the form that the request names', async () => {
    await assertUntouched();
    const call = headers({ 'content-type': 'application/a2a+json' });
    assert.equal((await postRest('{', call)).headers.get('content-type'), 'application/a2a+json');
    const found = await postRest(JSON.stringify(say('formal')), {
      headers: { ...version, 'content-type': 'application/a2a+json' },
    });
    assert.deepEqual([found.status, found.headers.get('content-type')], [200, 'application/a2a+json']);
    rowsBefore = await setting.everyRow();
  });

  it('does not show what belongs to others', async () => {
    await assertUntouched();
    const other = await setting.platform.createTenant(`other-${randomUUID().slice(0, 8)}`);
    const admin = setting.platform.operator.admin.forTenant(setting.tenant.slug);
    const colleague = await admin.createClient({
      body: { name: 'colleague', scopes: ['a2a:send', 'a2a:read', 'a2a:cancel'] },
    });
    const { json: sent } = await setting.rpc('SendMessage', say('mine'));
    const { id } = (sent as { result: { task: { id: string } } }).result.task;
    rowsBefore = await setting.everyRow();
    const outsider = await setting.tokenFor(other);
    const ofColleague = { token: await setting.tokenFor(colleague) };

    for (const method of ['GetTask', 'SubscribeToTask', 'CancelTask', 'SendMessage', 'SendStreamingMessage']) {
      const about = (taskId: string): object => (method.startsWith('Send') ? say('never', { taskId }) : { id: taskId });
      const absent = await setting.rpc(method, about('tsk_00000000000000000000000000000000'), ofColleague);
      assertRpc(absent, noTask);
      for (const taskId of [id, 'x']) {
        assert.equal(plain((await setting.rpc(method, about(taskId), ofColleague)).text), plain(absent.text));
      }
    }
    const agents = [
      `/t/${setting.tenant.slug}/agents/missing`,
      `/t/${other.slug}/agents/worker`,
      '/t/nowhere/agents/worker',
    ];
    for (const path of agents) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 'q-1', method: 'GetTask', params: { id } });
      const absent = await setting.call(path, { method: 'POST', body, ...headers({}) });
      assertRpc(absent, noAgent);
      assert.equal(
        plain(absent.text),
        plain((await setting.call(agents[0] ?? '', { method: 'POST', body, ...headers({}) })).text),
      );
    }
    const foreign = await setting.rpc('GetTask', { id }, { token: outsider });
    assertRpc(foreign, noAgent);
  });
});

/** The same answer twice differs by its request id alone. */
function plain(text: string): string {
  return text.replaceAll(/req_[0-9a-f]{32}/g, 'req');
}

interface RestErrorBody {
  readonly error: { readonly code: number; readonly details?: readonly { readonly reason?: string }[] };
}

function assertRest(answer: WireAnswer, refusal: Refusal): void {
  const { error } = answer.json as RestErrorBody;
  assert.deepEqual(
    [answer.status, error.code, reasonOf(error.details)],
    [restStatusOf(refusal), restStatusOf(refusal), refusal.reason],
    answer.text.slice(0, 500),
  );
  assertHarmless(answer);
}
