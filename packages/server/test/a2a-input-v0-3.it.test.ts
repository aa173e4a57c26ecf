/**
 * Guarantee: bad input in the words of A2A 0.3 gets the error that 0.3 names for it, in its form, on both bindings, and leaves no
 * trace: no row is written and no agent hears of it. A request is never served under a version that it did not mean.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer, WireCall } from './a2a-setting.ts';
import { assertHarmless, assertRpc, reasonOf, restStatusOf, rpcRefusal } from './wire-refusal.ts';
import type { Refusal, RpcError } from './wire-refusal.ts';

const parse = rpcRefusal(-32700);
const envelope = rpcRefusal(-32600);
const params = rpcRefusal(-32602);
const unknownMethod = rpcRefusal(-32601, 'request.unknown-address');
const badVersion = rpcRefusal(-32009);
const mediaType = rpcRefusal(-32005, 'request.unsupported-media-type');
const wrongVerb = rpcRefusal(-32000, 'request.unknown-address', 405);
const noTask = rpcRefusal(-32001, 'task.unknown');
const tooLarge = rpcRefusal(-32000, 'request.too-large', 413);
const unauthenticated = rpcRefusal(-32000, 'access.unauthenticated', 401);

const textPart = { kind: 'text', text: 'never' };
const message = (over: object = {}): object => ({ messageId: 'm', role: 'user', parts: [textPart], ...over });
const withParts = (...parts: unknown[]): string => JSON.stringify({ message: message({ parts }) });
const headers = (over: Readonly<Record<string, string>> = {}): WireCall => ({ headers: { ...json, ...over } });

/** Bodies that are bad whatever carries them: the params of `message/send`, and the body of `POST /v1/message:send`. */
const badSends: readonly (readonly [name: string, text: string, refusal: Refusal])[] = [
  ['a text instead of an object', '"hello"', params],
  ['a list instead of an object', '[]', params],
  ['no message', '{}', params],
  ['no parts', JSON.stringify({ message: message({ parts: undefined }) }), params],
  ['empty parts', withParts(), params],
  ['a part that is a text', withParts('hi'), params],
  ['a part of an unknown kind', withParts({ kind: 'image' }), params],
  ['a text part without text', withParts({ kind: 'text' }), params],
  ['a text part with a number', withParts({ kind: 'text', text: 7 }), params],
  ['a data part that is a list', withParts({ kind: 'data', data: [1] }), params],
  ['a file without content', withParts({ kind: 'file', file: { name: 'x' } }), params],
  ['a file with two contents', withParts({ kind: 'file', file: { uri: 'u', bytes: 'AA==' } }), params],
  ['bytes that are no base64', withParts({ kind: 'file', file: { bytes: '***' } }), params],
  ['too many parts', withParts(...Array.from({ length: limits.partsPerMessageMax + 1 }, () => textPart)), params],
  ['an unknown role', JSON.stringify({ message: message({ role: 'system' }) }), params],
  ['no message id', JSON.stringify({ message: message({ messageId: '' }) }), params],
  ['an endless message id', JSON.stringify({ message: message({ messageId: 'x'.repeat(257) }) }), params],
  ['a message that says it is a task', JSON.stringify({ message: message({ kind: 'task' }) }), params],
  ['metadata that is no object', JSON.stringify({ message: message(), metadata: [] }), params],
  ['a negative history', JSON.stringify({ message: message(), configuration: { historyLength: -1 } }), params],
  ['blocking that is no boolean', JSON.stringify({ message: message(), configuration: { blocking: 'yes' } }), params],
  ['an unknown task', JSON.stringify({ message: message({ taskId: `tsk_${'0'.repeat(32)}` }) }), noTask],
  ['no id of ours', JSON.stringify({ message: message({ taskId: 'task-1' }) }), noTask],
  ['a repeated key', '{"message":{},"message":{}}', envelope],
  ['no JSON', '{"message":', parse],
  ['too many bytes', `"${'x'.repeat(limits.bodyBytesMax)}"`, tooLarge],
];

/** Header fields that are bad whatever the body. */
const badHeaders: readonly (readonly [name: string, over: Readonly<Record<string, string>>, refusal: Refusal])[] = [
  ['a version to come', { 'a2a-version': '99.0' }, badVersion],
  ['a version that is none', { 'a2a-version': 'one' }, badVersion],
  ['a text', { 'content-type': 'text/plain' }, mediaType],
  ['a content coding', { 'content-encoding': 'gzip' }, mediaType],
  ['an endless key', { 'idempotency-key': 'x'.repeat(257) }, params],
  ['an invalid token', { authorization: 'Bearer made-up' }, unauthenticated],
];

const badRpcCalls: readonly (readonly [method: string, request: unknown, refusal: Refusal])[] = [
  ['tasks/get', {}, params],
  ['tasks/get', { id: 7 }, params],
  ['tasks/get', { id: 'x', historyLength: -1 }, params],
  ['tasks/get', { id: 'x' }, noTask],
  ['tasks/cancel', { id: '' }, params],
  ['tasks/cancel', { id: 'x' }, noTask],
  ['tasks/resubscribe', null, params],
  ['tasks/resubscribe', { id: 'x' }, noTask],
  ['tasks/list', {}, unknownMethod],
  ['message/shout', {}, unknownMethod],
];

/** Requests without an id, with the codes that the official kit of 0.3 expects. */
const withoutId: readonly (readonly [name: string, request: object, refusal: Refusal])[] = [
  ['of another JSON-RPC', { jsonrpc: 'aaa', method: 'message/send', params: {} }, envelope],
  ['without a method', { jsonrpc: '2.0', params: {} }, envelope],
  ['with an unknown method', { jsonrpc: '2.0', method: 'message/ssend', params: {} }, unknownMethod],
  ['with bad params', { jsonrpc: '2.0', method: 'message/send', params: { '': 'not_a_dict' } }, params],
  ['without params', { jsonrpc: '2.0', method: 'tasks/get' }, params],
  ['without any other fault', { jsonrpc: '2.0', method: 'message/send', params: { message: message() } }, envelope],
];

const badRestCalls: readonly (readonly [verb: string, path: string, refusal: Refusal])[] = [
  ['GET', '/v1/nowhere', unknownMethod],
  ['POST', '/v1/message:send/', unknownMethod],
  ['GET', '/v1/message:send', wrongVerb],
  ['DELETE', '/v1/tasks/x', wrongVerb],
  ['GET', '/v1/tasks/%00', envelope],
  ['GET', '/v1/tasks/x', noTask],
  ['GET', '/v1/tasks/x?historyLength=many', params],
  ['GET', '/v1/tasks?pageSize=0', params],
  ['POST', '/v1/tasks/x:cancel', noTask],
  ['GET', '/v1/tasks/x:subscribe', noTask],
];

describe('bad input in the words of A2A 0.3', () => {
  let setting: A2aSetting;
  let rowsBefore: string;
  before(async () => {
    setting = await startA2aSetting();
    await setting.rpc('SendMessage', say('a task to be careful with'));
    rowsBefore = await setting.everyRow();
  });
  after(async () => {
    try {
      assert.equal(await setting.everyRow(), rowsBefore, 'nothing was written');
      assert.ok(!setting.agent.heard.includes('never'), 'no agent heard of it');
    } finally {
      await setting[Symbol.asyncDispose]();
    }
  });

  const rpc = (method: string, text: string, call = headers()): Promise<WireAnswer> =>
    setting.call(setting.path, {
      method: 'POST',
      body: `{"jsonrpc":"2.0","id":1,"method":${JSON.stringify(method)},"params":${text}}`,
      ...call,
    });
  const rest = (verb: string, path: string, body?: string, call = headers()): Promise<WireAnswer> =>
    setting.call(setting.path + path, { method: verb, ...(body === undefined ? {} : { body }), ...call });

  describe('over JSON-RPC is refused:', () => {
    for (const method of ['message/send', 'message/stream']) {
      for (const [name, text, refusal] of badSends) {
        it(`${method} with ${name}`, async () => assertRpc(await rpc(method, text), refusal));
      }
    }
    for (const [name, over, refusal] of badHeaders) {
      it(name, async () => assertRpc(await rpc('message/send', sending, headers(over)), refusal));
    }
    for (const [method, request, refusal] of badRpcCalls) {
      it(`${method} ${JSON.stringify(request)}`, async () =>
        assertRpc(await rpc(method, JSON.stringify(request)), refusal));
    }
    for (const [name, request, refusal] of withoutId) {
      it(`a request without an id, ${name}`, async () => {
        const call = { method: 'POST', body: JSON.stringify(request), ...headers() };
        const answer = await setting.call(setting.path, call);
        assertRpc(answer, refusal);
        assert.equal((answer.json as { id: unknown }).id, null);
      });
    }
    it('a stream of a task that does not exist, as the only event of the stream', async () => {
      const asStream = headers({ accept: 'text/event-stream' });
      const answer = await rpc('tasks/resubscribe', '{"id":"x"}', asStream);
      assert.equal(answer.headers.get('content-type'), 'text/event-stream', answer.text);
      const data = /^event: error\ndata: (.*)\n\n$/.exec(answer.text)?.[1] ?? '';
      assertRpc({ ...answer, json: JSON.parse(data) }, noTask);
      assert.match(data, /not found/i);
      const unauthorized = { headers: { ...asStream.headers, authorization: 'Bearer made-up' } };
      const refused = await rpc('message/stream', sending, unauthorized);
      assert.equal(refused.headers.get('content-type'), 'application/json', 'a status of HTTP says it');
      assertRpc(refused, unauthenticated);
    });
    it('a method of another version than the one it names, or means by naming none', async () => {
      assertRpc(await rpc('message/send', sending, headers(version)), unknownMethod);
      assertRpc(
        await rpc('SendMessage', JSON.stringify(say('never')), headers({ 'a2a-version': '0.3' })),
        unknownMethod,
      );
      assertRpc(await rpc('SendMessage', JSON.stringify(say('never'))), badVersion);
    });
  });

  describe('over HTTP+JSON is refused:', () => {
    for (const path of ['/v1/message:send', '/v1/message:stream']) {
      for (const [name, text, refusal] of badSends) {
        it(`${path} with ${name}`, async () => assertRest(await rest('POST', path, text), refusal));
      }
    }
    for (const [name, over, refusal] of badHeaders) {
      it(name, async () => assertRest(await rest('POST', '/v1/message:send', sending, headers(over)), refusal));
    }
    for (const [verb, path, refusal] of badRestCalls) {
      it(`${verb} ${path}`, async () => assertRest(await rest(verb, path), refusal));
    }
    it('a version that the path is not of', async () => {
      assertRest(await rest('POST', '/v1/message:send', sending, headers(version)), badVersion);
    });
  });

  it('is refused with 1.0’s error where the path is of 1.0', async () => {
    const answer = await rest('POST', '/message:send', sending, headers({ 'a2a-version': '0.3' }));
    const { error } = answer.json as { error: { status: string; message: string } };
    assert.deepEqual([answer.status, error.status], [400, 'FAILED_PRECONDITION']);
    assert.match(error.message, /A2A-Version: 1\.0/);
  });
});

const sending = JSON.stringify({ message: message() });

/** HTTP+JSON of 0.3 answers with the bare error object of JSON-RPC. */
function assertRest(answer: WireAnswer, refusal: Refusal): void {
  const error = answer.json as RpcError;
  assert.deepEqual(
    [answer.status, error.code, reasonOf(error.data)],
    [restStatusOf(refusal), refusal.code, refusal.reason],
    answer.text.slice(0, 500),
  );
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assertHarmless(answer);
}
