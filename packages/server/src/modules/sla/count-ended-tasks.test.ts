import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { CountingPace } from './count-ended-tasks.ts';

describe('the pace of counting', () => {
  it('goes down to one entry of one tenant while countings fail, and back to the bounds when they are done', () => {
    const pace = new CountingPace();
    const shown = (): readonly number[] => [pace.slaCountTenantsMax, pace.slaCountEntriesMax];
    assert.deepEqual(shown(), [limits.slaCountTenantsMax, limits.slaCountEntriesMax]);
    for (let failures = 0; failures < 10; failures += 1) pace.slowDown();
    assert.deepEqual(shown(), [1, 1]);
    pace.speedUp();
    assert.deepEqual(shown(), [1, 2]);
    for (let successes = 0; successes < 10; successes += 1) pace.speedUp();
    assert.deepEqual(shown(), [limits.slaCountTenantsMax, limits.slaCountEntriesMax]);
  });
});
