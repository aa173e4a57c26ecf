import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Drops a signing key, with its audit entry when that changed anything. `known` tells whether there is such a key. */
export function dropSigningKey(kid: string, entry: NewAuditEntry): Statement<{ readonly known: boolean }> {
  return {
    name: 'drop-signing-key',
    text: `
      with dropped as (
        update colloquy.signing_keys
        set dropped_at = colloquy.now_utc(), retired_at = coalesce(retired_at, colloquy.now_utc())
        where kid = $1 and dropped_at is null
        returning kid
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $2, $3, $4, $5, $6, $7, $8, $9 from dropped
      )
      select exists (select from colloquy.signing_keys where kid = $1) as known`,
    values: [kid, uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}
