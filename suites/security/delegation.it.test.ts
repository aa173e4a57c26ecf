/** Guarantee (T24): no client sends in loops, too deep, beyond a budget, or for a task that it was not sent for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegation } from './delegation.ts';

describe('sends for other tasks', () => {
  it('are refused in every binding when they loop, overspend, or are forged or replayed, also by who was notified', async () => {
    const { counts, violations } = await delegation({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { attempts = 0, byReceivers = 0, invalid = 0, loop = 0, chains = 0, paid } = counts;
    assert.ok(attempts >= 400 && byReceivers >= 30 && invalid >= 100 && loop >= 100, JSON.stringify(counts));
    assert.ok((counts['too-deep'] ?? 0) >= 7 && (counts['budget-used'] ?? 0) >= 20, JSON.stringify(counts));
    assert.equal(paid, 3 * chains);
    const { accepted, overspent, stateChanges } = counts;
    assert.deepEqual([accepted, overspent, stateChanges], [0, 0, 0]);
  });
});
