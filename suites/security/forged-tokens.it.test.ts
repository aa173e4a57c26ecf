/** Guarantee (T10): of forged and misused tokens none opens anything anywhere, and none learns more than that it is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forgedTokens } from './forged-tokens.ts';

describe('forged tokens', () => {
  it('of every kind, issuer and surface are refused alike, counted once, and change nothing', async () => {
    const { counts, violations } = await forgedTokens({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { tokens = 0, kinds = 0, issuers, surfaces = 0, accepted, different, refusals, stateChanges } = counts;
    assert.ok(tokens >= 600 && kinds >= 120 && surfaces >= 10, JSON.stringify(counts));
    assert.equal(issuers, 5);
    assert.deepEqual([accepted, different, stateChanges, refusals], [0, 0, 0, tokens]);
  });
});
