import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Writes the audit entry of a key when this transaction added it. */
export function noteAddedKey(kid: string, entry: NewAuditEntry): Statement {
  return {
    name: 'note-added-key',
    text: `
      insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
      select $2, $3, $4, $5, $6, $7, $8, $9
      where exists (select from colloquy.signing_keys where kid = $1)`,
    values: [kid, uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}
