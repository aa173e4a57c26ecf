/** Guarantee: after a failure a counting run is smaller, down to one entry of one tenant, and grows again when runs succeed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { countUsage } from './count-usage.ts';
import type { UsageCountingBounds } from './usage-store.ts';

describe('counting of usage', () => {
  it('reads less after each failure, and more after each success', async () => {
    const asked: UsageCountingBounds[] = [];
    let fails = false;
    const count = countUsage({
      counter: {
        count(bounds) {
          asked.push(bounds);
          if (fails) return Promise.reject(new Error('too slow'));
          return Promise.resolve({ entries: 0, tasks: 0, microcredits: 0n, isFull: false });
        },
      },
    });
    const whole = { tenantsMax: limits.usageCountTenantsMax, entriesMax: limits.usageCountEntriesMax };
    await count();
    fails = true;
    for (let runs = 0; runs < 8; runs += 1) await assert.rejects(count(), /too slow/);
    assert.deepEqual(asked.slice(0, 3), [whole, whole, { tenantsMax: 1, entriesMax: whole.entriesMax / 4 }]);
    assert.deepEqual(asked.at(-1), { tenantsMax: 1, entriesMax: 1 });
    fails = false;
    for (let runs = 0; runs < 12; runs += 1) await count();
    assert.deepEqual(asked.at(-1), whole);
  });
});
