/** Guarantee (T11, T25): what is taken away is refused by the last replica, and its streams are over; the full tier holds five seconds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reach } from './reach.ts';

describe('what is taken away', () => {
  it('is refused everywhere and its streams are over, in every way, whether or not replicas hear of each other', async () => {
    const { counts, violations } = await reach({ quick: true, seed: 0 });
    assert.deepEqual(violations, []);
    assert.deepEqual([counts['trials'], counts['ways'], counts['streams']], [6, 6, 6]);
  });
});
