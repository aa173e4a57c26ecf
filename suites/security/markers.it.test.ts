/** Guarantee (T05, T06): whatever twenty tenants do at once, none of them, and no log or metric, shows a word of another. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markers } from './markers.ts';

describe('words of a tenant', () => {
  it('are in its own answers, streams and webhooks, in those of no other tenant, and in no log line and no metric', async () => {
    const { counts, violations } = await markers({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { outputs = 0, frames = 0, webhooks = 0, logLines = 0, ownMarkers = 0, foreignMarkers } = counts;
    assert.ok(outputs >= 3_000 && frames >= 50 && webhooks >= 20 && logLines >= 500, JSON.stringify(counts));
    assert.ok(ownMarkers >= 300, JSON.stringify(counts));
    assert.equal(foreignMarkers, 0);
  });
});
