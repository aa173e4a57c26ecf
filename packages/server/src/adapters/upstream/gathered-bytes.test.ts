/** Guarantee: bytes that come in any pieces are the same bytes, and cost memory for themselves alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { GatheredBytes } from './gathered-bytes.ts';

describe('gathered bytes', () => {
  it('are the pieces in order, however they were cut and wherever it began anew', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 9000 }), fc.boolean())), (steps) => {
        const gathered = new GatheredBytes();
        let expected = Buffer.alloc(0);
        for (const [piece, isAnew] of steps) {
          if (isAnew) gathered.restart(Buffer.from(piece));
          else gathered.append(Buffer.from(piece));
          expected = Buffer.concat(isAnew ? [piece] : [expected, piece]);
          assert.equal(gathered.length, expected.length);
          assert.ok(gathered.view().equals(expected));
        }
      }),
    );
  });

  it('hold on to nothing that they came with', () => {
    const gathered = new GatheredBytes();
    const pieces = 200;
    for (let at = 0; at < pieces; at += 1) gathered.append(Buffer.alloc(1024 * 1024).subarray(0, 1));
    assert.equal(gathered.view().length, pieces);
    assert.ok(gathered.view().buffer.byteLength < 64 * 1024);
  });

  it('leave what was seen of them as it was when it begins anew', () => {
    const gathered = new GatheredBytes();
    for (const piece of ['ab', 'cd', 'ef']) gathered.append(Buffer.from(piece));
    const seen = gathered.view().subarray(0, 4);
    gathered.restart(gathered.view().subarray(4));
    gathered.append(Buffer.from('gh'));
    assert.deepEqual([seen.toString(), gathered.view().toString()], ['abcd', 'efgh']);
  });
});
