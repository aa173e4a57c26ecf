/** Guarantee (T29): no bytes on a connection, sent directly or through a reverse proxy, become a request that no client sent. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawHttp } from './raw-http.ts';

describe('raw HTTP', () => {
  it('becomes no smuggled request, no answer of 5xx and no change', async (test) => {
    const { counts, violations, skipped } = await rawHttp({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    const { distinctCases = 0, desyncs, serverErrors, wrongCanaries, stateChanges } = counts;
    assert.ok(distinctCases >= 400, `${String(distinctCases)} cases`);
    assert.deepEqual([desyncs, serverErrors, wrongCanaries, stateChanges], [0, 0, 0, 0]);
    for (const line of skipped) await test.test(line, { skip: line }, () => undefined);
  });
});
