/** Guarantee: an edit, deletion, reordering, insertion or truncation of audit entries, in an export or in the database, is found at the right place (T37). */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { auditTampering } from './audit-tampering.ts';

it('AUDIT-8 every touch of a sealed chain is found, with the first sequence that is not what was sealed', async () => {
  const { total, found, violations } = await auditTampering({ quick: true, seed: 7 });
  assert.deepEqual(violations, []);
  assert.equal(found, total);
  assert.equal(total, 400);
});
