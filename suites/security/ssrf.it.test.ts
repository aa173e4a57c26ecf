/** Guarantee (T16): no URL that a tenant can write, wherever it can write one, makes the platform call what only the operator may open. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ssrf } from './ssrf.ts';

describe('addresses that tenants name', () => {
  it('lead to no canary: not when they are written, not when they are called, not when their names change', async (test) => {
    const { counts, violations, skipped } = await ssrf({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { urls = 0, writes = 0, sends = 0, canaryConnections, canaryBytes } = counts;
    assert.ok(urls >= 300, `${urls} URLs`);
    assert.ok(writes >= 300 && sends >= 30, `${writes} writes, ${sends} sends`);
    assert.deepEqual([canaryConnections, canaryBytes], [0, 0]);
    assert.equal(counts['failedSends'], sends, 'every send failed');
    for (const line of skipped) await test.test(line, { skip: line }, () => undefined);
  });
});
