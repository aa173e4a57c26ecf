/** Guarantee: what is made on first use is made once, not before, and again only after it failed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onFirstUse } from './on-first-use.ts';

describe('what is made on first use', () => {
  it('is made when it is asked for, and once, whatever it is', () => {
    let made = 0;
    const value = onFirstUse(() => {
      made += 1;
      return undefined;
    });
    assert.equal(made, 0);
    assert.deepEqual([value(), value(), made], [undefined, undefined, 1]);
  });

  it('is tried again after it failed', () => {
    let tries = 0;
    const value = onFirstUse(() => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });
    assert.throws(value, /not yet/);
    assert.deepEqual([value(), value()], [2, 2]);
  });
});
