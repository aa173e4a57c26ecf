import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
with erased as (
  insert into colloquy.audit_subjects (tenant_id, subject_id, key_sealed, erased_at) values ($1, $2, null, colloquy.now_utc())
  on conflict (tenant_id, subject_id) do update set key_sealed = null, erased_at = colloquy.now_utc()
    where audit_subjects.erased_at is null
  returning tenant_id
)
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select tenant_id, $3, $4, $5, $6, $7, $8, $9 from erased`;

/** Takes a subject's key away and says so; one row for it, none when it was away already. */
export function eraseSubjectKey(subjectId: string, entry: NewAuditEntry): Statement {
  return {
    name: 'erase-subject-key',
    text,
    values: [uuidOf(entry.tenantId), subjectId, ...auditEntryValues(entry)],
  };
}
