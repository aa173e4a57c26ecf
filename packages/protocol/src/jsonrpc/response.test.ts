/** Guarantee: an answer is only taken for the request it belongs to, and garbage is told apart from an error. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { jsonRpcErrorBody } from '../errors/index.ts';
import { decodeJsonRpcAnswer, encodeJsonRpcError, encodeJsonRpcRequest, encodeJsonRpcResult } from './response.ts';
import { decodeJsonRpcRequest } from './request.ts';

const ids = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.constant(null));
// -0 comes back as 0, as JSON.stringify writes it.
const sameId = (id: string | number | null): string | number | null => (id === 0 ? 0 : id);

describe('JSON-RPC answers', () => {
  it('round-trips results', () => {
    fc.assert(
      fc.property(ids, fc.jsonValue(), (id, value) => {
        const text = encodeJsonRpcResult(id, JSON.stringify(value));
        const parsed: unknown = JSON.parse(text);
        const expected: unknown = JSON.parse(JSON.stringify(value));
        assert.deepEqual(decodeJsonRpcAnswer(parsed, sameId(id)), { kind: 'result', result: expected });
      }),
    );
  });

  it('round-trips requests', () => {
    fc.assert(
      fc.property(ids, fc.string({ minLength: 1, maxLength: 20 }), (id, method) => {
        const parsed: unknown = JSON.parse(encodeJsonRpcRequest(id, method, '{"a":1}'));
        const expected = { kind: 'request', id: sameId(id), method, params: { a: 1 } };
        assert.deepEqual(decodeJsonRpcRequest(parsed), expected);
      }),
    );
  });

  it('reads an error back by its name', () => {
    const body = jsonRpcErrorBody({ name: 'TaskNotFoundError', message: 'no such task' });
    const answer = decodeJsonRpcAnswer(JSON.parse(encodeJsonRpcError('7', body)), '7');
    assert.deepEqual(answer, {
      kind: 'error',
      error: { name: 'TaskNotFoundError', message: 'no such task', reason: 'TASK_NOT_FOUND', code: -32001 },
    });
  });

  it('takes an error with a null id, but no result with one', () => {
    const error = { code: -32700, message: 'bad JSON' };
    assert.equal(decodeJsonRpcAnswer({ jsonrpc: '2.0', id: null, error }, 'a').kind, 'error');
    assert.equal(decodeJsonRpcAnswer({ jsonrpc: '2.0', id: null, result: {} }, 'a').kind, 'malformed');
  });

  const malformed: [name: string, envelope: unknown][] = [
    ['an array', []],
    ['a number', 1],
    ['no version', { id: 'a', result: {} }],
    ['another id', { jsonrpc: '2.0', id: 'b', result: {} }],
    ['an id of another type', { jsonrpc: '2.0', id: 1, result: {} }],
    ['neither result nor error', { jsonrpc: '2.0', id: 'a' }],
    ['both result and error', { jsonrpc: '2.0', id: 'a', result: {}, error: { code: 1, message: '' } }],
    ['an error of another id', { jsonrpc: '2.0', id: 'b', error: { code: 1, message: '' } }],
  ];
  for (const [name, envelope] of malformed) {
    it(`calls ${name} malformed`, () => {
      assert.equal(decodeJsonRpcAnswer(envelope, 'a').kind, 'malformed');
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), ids, (envelope, id) => void decodeJsonRpcAnswer(envelope, id)));
  });
});
