import { uuidOf } from '../../../kernel/ids.ts';
import type { SubjectKeyStore } from '../../../modules/audit/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { eraseSubjectKey } from './erase-subject-key.ts';
import { findSubjectKeys } from './find-subject-keys.ts';
import { insertSubjectKey } from './insert-subject-key.ts';

/** Keys of subjects in PostgreSQL, over a pool of the application's role. */
export function createSubjectKeyStore(pool: DatabasePool): SubjectKeyStore {
  return {
    async find(tenantId, subjectIds) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), findSubjectKeys(tenantId, subjectIds)));
      return new Map(rows.map(({ subject_id, key_sealed }) => [subject_id, key_sealed]));
    },
    async add(tenantId, subjectId, sealed) {
      const statements = [
        insertSubjectKey(tenantId, subjectId, sealed),
        findSubjectKeys(tenantId, [subjectId]),
      ] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, { rows }] = await untilKnown(() => inTransaction(pool, options, statements));
      return rows[0]?.key_sealed ?? null;
    },
    async erase(subjectId, tombstone) {
      const options = { tenantIds: [uuidOf(tombstone.tenantId)] };
      const [{ rowCount }] = await untilKnown(() =>
        inTransaction(pool, options, [eraseSubjectKey(subjectId, tombstone)]),
      );
      return rowCount === 1;
    },
  };
}
