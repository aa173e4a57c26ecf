/** Guarantee: no tenant ends a process with large answers, nor with readers that do not read; other tenants are served meanwhile. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memory } from './memory.ts';

describe('the memory of a process', () => {
  it('is filled by no tenant, and others are answered while one tries', async () => {
    const { counts, violations } = await memory({ quick: true, seed: 1 });
    assert.deepEqual(violations, [], JSON.stringify(counts, null, 1));
    assert.equal(counts['attacks'], 5);
  });
});
