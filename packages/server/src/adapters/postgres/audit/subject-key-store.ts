import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry, SubjectKeyStore } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';

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

export const subjectKeyPorts = (pool: DatabasePool) => ({ subjectKeys: createSubjectKeyStore(pool) });

const eraseSubjectKeySql = `
with erased as (
  insert into colloquy.audit_subjects (tenant_id, subject_id, key_sealed, erased_at) values ($1, $2, null, colloquy.now_utc())
  on conflict (tenant_id, subject_id) do update set key_sealed = null, erased_at = colloquy.now_utc()
    where audit_subjects.erased_at is null
  returning tenant_id
)
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select tenant_id, $3, $4, $5, $6, $7, $8, $9 from erased`;

/** Erases a subject's key, with an audit entry; no row when it was erased before. */
function eraseSubjectKey(subjectId: string, entry: NewAuditEntry): Statement {
  return {
    name: 'erase-subject-key',
    text: eraseSubjectKeySql,
    values: [uuidOf(entry.tenantId), subjectId, ...auditEntryValues(entry)],
  };
}

interface SubjectKeyRow {
  readonly subject_id: string;
  readonly key_sealed: Buffer | null;
}

/** The keys of these subjects, those that were taken away among them. */
function findSubjectKeys(tenantId: TenantId, subjectIds: readonly string[]): Statement<SubjectKeyRow> {
  return {
    name: 'find-subject-keys',
    text: `
      select subject_id, key_sealed from colloquy.audit_subjects
      where tenant_id = $1 and subject_id = any ($2::text[])`,
    values: [uuidOf(tenantId), subjectIds],
  };
}

/** A key for a subject that never had one. */
function insertSubjectKey(tenantId: TenantId, subjectId: string, sealed: Uint8Array): Statement {
  return {
    name: 'insert-subject-key',
    text: `
      insert into colloquy.audit_subjects (tenant_id, subject_id, key_sealed) values ($1, $2, $3)
      on conflict (tenant_id, subject_id) do nothing`,
    values: [uuidOf(tenantId), subjectId, Buffer.from(sealed)],
  };
}
