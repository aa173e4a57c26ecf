import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { LimitSubject } from '../../../modules/limits/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with gone as (
    delete from colloquy.limits where tenant_id = $1 and subject_kind = $2 and subject_id = $3
    returning subject_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $4, $5, $6, $7, $8, $9, $10 from gone
  )
  select subject_id from gone`;

/** Takes a limit away and writes the audit entry; no row when none was set. */
export function unsetLimit(tenantId: TenantId, { kind, id }: LimitSubject, entry: NewAuditEntry): Statement {
  return {
    name: 'unset-limit',
    text,
    values: [uuidOf(tenantId), kind, id, ...auditEntryValues(entry)],
  };
}
