/** Guarantee (T02, T04, T28, T32, T33): requests that are a little wrong break nothing, show nothing and, refused, change nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzz } from './fuzz.ts';

describe('fuzzed requests', () => {
  it('of every surface end in no failure of the platform, no leak and no change by what was refused', async () => {
    const { counts, violations } = await fuzz({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { requests = 0, accepted = 0, refusedAgain = 0, serverErrors, leaks, stateChanges } = counts;
    assert.ok(requests >= 3_000 && accepted >= 100 && refusedAgain >= 1_000, JSON.stringify(counts));
    assert.deepEqual([serverErrors, leaks, stateChanges], [0, 0, 0]);
    for (const surface of ['JSON-RPC of 1.0', 'JSON-RPC of 0.3 and 0.1', 'HTTP+JSON', 'gRPC', 'admin API', 'OAuth'])
      assert.ok((counts[surface] ?? 0) >= 200, surface);
  });
});
