/** Guarantee (T01, T02, T03): a caller without the right is refused by every operation, in every binding, on every replica, and changes nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizationMatrix } from './authorization-matrix.ts';

describe('the authorization matrix', () => {
  it('has no cell that opens, and what is another’s looks like what is not there', async () => {
    const { counts, violations } = await authorizationMatrix({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { cells = 0, operations = 0, identitiesMin = 0, compared = 0, opened = 0, stateChanges } = counts;
    assert.ok(cells >= 800 && operations >= 140 && identitiesMin >= 12, JSON.stringify(counts));
    assert.ok(compared >= 50 && opened >= 150, JSON.stringify(counts));
    assert.equal(stateChanges, 0);
  });
});
