/** Guarantee: a caller's SDK knows every code that the platform answers with, and judges a retry as the platform does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformErrors } from '@colloquy/sdk/client';
import { errorCatalog } from '../src/kernel/error-catalog.ts';

describe('the error tables of platform and SDK', () => {
  it('hold the same codes, with the same kind and the same advice', () => {
    const catalogued = Object.entries(errorCatalog).map(([code, { kind, retry }]) => `${code} ${kind} ${retry.kind}`);
    const known = Object.entries(platformErrors).map(([code, { kind, retry }]) => `${code} ${kind} ${retry}`);
    assert.deepEqual(known.toSorted(), catalogued.toSorted());
  });

  it('spell every code module.what, and every sentence as one that can be shown', () => {
    for (const [code, { sentence }] of Object.entries(errorCatalog)) {
      assert.match(code, /^[a-z]+\.[a-z]+(?:-[a-z]+)*$/);
      assert.match(sentence, /^[A-Z][^{}<>]{10,160}\.$/, code);
      assert.doesNotMatch(sentence, /\b(?:select|insert|postgres|sql|localhost|stack)\b/i, code);
    }
  });
});
