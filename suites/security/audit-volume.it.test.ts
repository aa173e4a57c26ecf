/** Guarantee (T37): a long audit log is sealed, exported and verified as a whole, a touch in it is found, and searches of it end soon. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditVolume } from './audit-volume.ts';

describe('a long audit log', () => {
  it('is verified to its last entry, shows one that was touched, and is searched in time', async () => {
    const { counts, violations } = await auditVolume({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    assert.ok((counts['entries'] ?? 0) >= 5_000 && (counts['checkpoints'] ?? 0) >= 5, JSON.stringify(counts));
  });
});
