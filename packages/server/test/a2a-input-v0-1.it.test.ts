/**
 * Guarantee: bad input in the words of A2A 0.1, with and without JSON-RPC, is answered with what is wrong, and leaves no trace: no row
 * is written, no name is taken, and no agent hears of it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import { json, say, startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer, WireCall } from './a2a-setting.ts';
import { assertHarmless, assertRpc, reasonOf, restStatusOf, rpcRefusal } from './wire-refusal.ts';
import type { Refusal } from './wire-refusal.ts';

const parse = rpcRefusal(-32700);
const envelope = rpcRefusal(-32600);
const params = rpcRefusal(-32602);
const unknownMethod = rpcRefusal(-32601, 'request.unknown-address');
const badVersion = rpcRefusal(-32009);
const mediaType = rpcRefusal(-32005, 'request.unsupported-media-type');
const noTask = rpcRefusal(-32001, 'task.unknown');
const tooLarge = rpcRefusal(-32000, 'request.too-large', 413);
const unauthenticated = rpcRefusal(-32000, 'access.unauthenticated', 401);

const textPart = { type: 'text', text: 'never' };
const message = (over: object = {}): object => ({ role: 'user', parts: [textPart], ...over });
const send = (over: object = {}): string => JSON.stringify({ id: 'mine', message: message(), ...over });
const withParts = (...parts: unknown[]): string => send({ message: message({ parts }) });
const headers = (over: Readonly<Record<string, string>> = {}): WireCall => ({ headers: { ...json, ...over } });

/** Bad params of tasks/send, which are the bad bodies of the plain one as well. */
const badSends: readonly (readonly [name: string, text: string, refusal: Refusal])[] = [
  ['a text instead of an object', '"hello"', params],
  ['a list instead of an object', '[]', params],
  ['nothing in it', '{}', params],
  ['no id', send({ id: undefined }), params],
  ['an empty id', send({ id: '' }), params],
  ['an id that is a number', send({ id: 7 }), params],
  ['an endless id', send({ id: 'x'.repeat(limits.callerIdCharsMax + 1) }), params],
  ['an endless session', send({ sessionId: 'x'.repeat(limits.callerIdCharsMax + 1) }), params],
  ['no message', send({ message: undefined }), params],
  ['a message that is a text', send({ message: 'hello' }), params],
  ['no parts', send({ message: message({ parts: undefined }) }), params],
  ['empty parts', withParts(), params],
  ['a part that is a text', withParts('hi'), params],
  ['a part of an unknown type', withParts({ type: 'image' }), params],
  ['a text part without text', withParts({ type: 'text' }), params],
  ['a text part with a number', withParts({ type: 'text', text: 7 }), params],
  ['a data part that is a list', withParts({ type: 'data', data: [1] }), params],
  ['a file without content', withParts({ type: 'file', file: { name: 'x' } }), params],
  ['a file with two contents', withParts({ type: 'file', file: { uri: 'u', bytes: 'AA==' } }), params],
  ['bytes that are no base64', withParts({ type: 'file', file: { bytes: '***' } }), params],
  ['too many parts', withParts(...Array.from({ length: limits.partsPerMessageMax + 1 }, () => textPart)), params],
  ['a role of the agent’s own kind', send({ message: message({ role: 'system' }) }), params],
  ['metadata that is no object', send({ metadata: [] }), params],
  ['a repeated key', '{"id":"mine","id":"yours"}', envelope],
  ['no JSON', '{"id":', parse],
  ['too many bytes', `"${'x'.repeat(limits.bodyBytesMax)}"`, tooLarge],
];

const badHeaders: readonly (readonly [name: string, over: Readonly<Record<string, string>>, refusal: Refusal])[] = [
  ['a version to come', { 'a2a-version': '99.0' }, badVersion],
  ['a text', { 'content-type': 'text/plain' }, mediaType],
  ['a content coding', { 'content-encoding': 'gzip' }, mediaType],
  ['an endless key', { 'idempotency-key': 'x'.repeat(257) }, params],
  ['an invalid token', { authorization: 'Bearer made-up' }, unauthenticated],
];

const badCalls: readonly (readonly [method: string, request: unknown, refusal: Refusal])[] = [
  ['tasks/send', { id: 'mine', message: message(), historyLength: -1 }, params],
  ['tasks/send', { id: 'mine', message: message(), pushNotification: {} }, params],
  ['tasks/send', { id: 'mine', message: message(), pushNotification: { url: 7 } }, params],
  ['tasks/get', { id: 'unknown' }, noTask],
  ['tasks/get', { id: 'unknown', historyLength: 1.5 }, params],
  ['tasks/cancel', { id: 'unknown' }, noTask],
  ['tasks/resubscribe', { id: 'unknown' }, noTask],
  ['tasks/pushNotification/set', { id: 'mine' }, params],
  ['tasks/pushNotification/set', { pushNotificationConfig: { url: 'https://x.example' } }, params],
  ['tasks/pushNotification/get', {}, params],
  ['tasks/pushNotification/list', { id: 'mine' }, unknownMethod],
  ['tasks/shout', { id: 'mine' }, unknownMethod],
];

describe('bad input in the words of A2A 0.1', () => {
  let setting: A2aSetting;
  let rowsBefore: string;
  const everyRow = async (): Promise<string> =>
    (await setting.everyRow()) + JSON.stringify(await setting.rows('select * from colloquy.task_aliases'));
  before(async () => {
    setting = await startA2aSetting();
    await setting.rpc('SendMessage', say('a task to be careful with'));
    rowsBefore = await everyRow();
  });
  after(async () => {
    try {
      assert.equal(await everyRow(), rowsBefore, 'nothing was written');
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
  const post = (path: string, body: string, call = headers()): Promise<WireAnswer> =>
    setting.call(setting.path + path, { method: 'POST', body, ...call });

  /** The answer is this error, as web servers answer one. */
  function assertPlain(answer: WireAnswer, refusal: Refusal): void {
    const { error } = answer.json as { readonly error: { readonly code: number; readonly details?: [] } };
    const status = restStatusOf(refusal);
    assert.deepEqual(
      [answer.status, error.code, reasonOf(error.details)],
      [status, status, refusal.reason],
      answer.text,
    );
    assertHarmless(answer);
  }

  describe('over JSON-RPC is refused:', () => {
    for (const method of ['tasks/send', 'tasks/sendSubscribe']) {
      for (const [name, text, refusal] of badSends) {
        it(`${method} with ${name}`, async () => assertRpc(await rpc(method, text), refusal));
      }
    }
    for (const [name, over, refusal] of badHeaders) {
      it(name, async () => assertRpc(await rpc('tasks/send', send(), headers(over)), refusal));
    }
    for (const [method, request, refusal] of badCalls) {
      it(`${method} ${JSON.stringify(request)}`, async () =>
        assertRpc(await rpc(method, JSON.stringify(request)), refusal));
    }
    it('a method of 0.1 under another version', async () => {
      for (const version of ['1.0', '0.3']) {
        assertRpc(await rpc('tasks/send', send(), headers({ 'a2a-version': version })), unknownMethod);
      }
    });
  });

  describe('without JSON-RPC is refused:', () => {
    for (const [name, text, refusal] of badSends) {
      it(`tasks/send with ${name}`, async () => assertPlain(await post('/tasks/send', text), refusal));
    }
    for (const [name, over, refusal] of badHeaders) {
      it(name, async () => assertPlain(await post('/tasks/send', send(), headers(over)), refusal));
    }
    const badMessages: Readonly<Record<string, object>> = {
      'nothing in it': {},
      'another method': { method: 'tasks/send', params: { message: message() } },
      'no message': { method: 'message/send', params: {} },
      'no words': { method: 'message/send', params: { message: message({ parts: [] }) } },
      'words twice': { method: 'message/send', params: { message: message({ text: 'never' }) } },
      'the agent’s words': { method: 'message/send', params: { message: message({ role: 'agent' }) } },
    };
    for (const [name, body] of Object.entries(badMessages)) {
      it(`message/send with ${name}`, async () =>
        assertPlain(await post('/a2a/message/send', JSON.stringify(body)), params));
    }
    it('message/send to a task that there is not', async () => {
      const body = { method: 'message/send', params: { message: message({ taskId: 'mine' }) } };
      assertPlain(await post('/a2a/message/send', JSON.stringify(body)), noTask);
    });
    it('another verb', async () => {
      const answer = await setting.call(`${setting.path}/a2a/message/send`, { method: 'PUT', ...headers() });
      assert.ok(answer.status === 400 || answer.status === 404, answer.text);
      assertHarmless(answer);
    });
  });
});
