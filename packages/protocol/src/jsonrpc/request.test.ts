/** Guarantee: an envelope that is not one JSON-RPC 2.0 request never reaches an operation. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decodeJsonRpcRequest } from './request.ts';

const good = { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 't' } };

describe('JSON-RPC request envelopes', () => {
  it('accepts a request and hands the params over untouched', () => {
    assert.deepEqual(decodeJsonRpcRequest(good), { kind: 'request', id: 1, method: 'GetTask', params: good.params });
  });

  it('reads absent params as an empty object', () => {
    const { params: _, ...rest } = good;
    assert.deepEqual(decodeJsonRpcRequest(rest), { kind: 'request', id: 1, method: 'GetTask', params: {} });
  });

  it('echoes string, integer and null ids', () => {
    for (const id of ['', 'a', 0, -7, Number.MAX_SAFE_INTEGER, null]) {
      assert.equal(decodeJsonRpcRequest({ ...good, id }).id, id);
      assert.equal(decodeJsonRpcRequest({ ...good, id }).kind, 'request');
    }
  });

  it('shows what a request without an id asks for, unless something else is wrong with its envelope', () => {
    const { id: _id, ...unnamed } = good;
    const asked = (envelope: object) => {
      const decoded = decodeJsonRpcRequest(envelope);
      return decoded.kind === 'refusal' ? decoded.notification : 'accepted';
    };
    assert.deepEqual(asked(unnamed), { method: good.method, params: good.params });
    assert.deepEqual(asked({ ...unnamed, params: undefined }), { method: good.method, params: {} });
    for (const wrong of [{ jsonrpc: 'aaa' }, { method: undefined }, { method: '' }, { method: 'x'.repeat(129) }])
      assert.equal(asked({ ...unnamed, ...wrong }), undefined);
    assert.equal(asked([unnamed]), undefined);
  });

  const refused: [name: string, envelope: unknown, id: unknown, message: RegExp][] = [
    ['a batch', [good], null, /batches/],
    ['an empty batch', [], null, /batches/],
    ['a notification', { ...good, id: undefined }, null, /notifications/],
    ['null', null, null, /object/],
    ['a string', 'x', null, /object/],
    ['a fractional id', { ...good, id: 1.5 }, null, /id must/],
    ['an infinite id', { ...good, id: Infinity }, null, /id must/],
    ['an id beyond 2^53', { ...good, id: 2 ** 53 }, null, /id must/],
    ['a boolean id', { ...good, id: true }, null, /id must/],
    ['an object id', { ...good, id: {} }, null, /id must/],
    ['an array id', { ...good, id: [1] }, null, /id must/],
    ['an overlong id', { ...good, id: 'x'.repeat(257) }, null, /256/],
    ['no version', { ...good, jsonrpc: undefined }, 1, /jsonrpc/],
    ['version 1.0', { ...good, jsonrpc: '1.0' }, 1, /jsonrpc/],
    ['a numeric version', { ...good, jsonrpc: 2 }, 1, /jsonrpc/],
    ['no method', { ...good, method: undefined }, 1, /method/],
    ['an empty method', { ...good, method: '' }, 1, /method/],
    ['a numeric method', { ...good, method: 7 }, 1, /method/],
    ['an overlong method', { ...good, method: 'm'.repeat(129) }, 1, /128/],
  ];
  for (const [name, envelope, id, message] of refused) {
    it(`refuses ${name}, saying why`, () => {
      const outcome = decodeJsonRpcRequest(envelope);
      assert.ok(outcome.kind === 'refusal');
      assert.equal(outcome.id, id);
      assert.equal(outcome.error, 'InvalidRequestError');
      assert.match(outcome.message, message);
    });
  }

  it('never throws, and accepts only what follows the rules', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ jsonrpc: fc.constant('2.0'), id: fc.anything(), method: fc.anything() })),
        (envelope) => {
          const outcome = decodeJsonRpcRequest(envelope);
          if (outcome.kind === 'refusal') return;
          assert.equal(typeof outcome.method, 'string');
          assert.ok(outcome.id === null || typeof outcome.id === 'string' || Number.isSafeInteger(outcome.id));
        },
      ),
    );
  });
});
