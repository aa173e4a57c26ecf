import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (tenant_id, entry_id) do nothing`;

/** One entry; writing the same entry again changes nothing. */
export function insertAuditEntry(entry: NewAuditEntry): Statement {
  return {
    name: 'insert-audit-entry',
    text,
    values: [uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}
