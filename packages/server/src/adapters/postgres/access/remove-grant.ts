import { uuidOf } from '../../../kernel/ids.ts';
import type { GrantId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Takes a role away, with its audit entry; no row when it is not in force. */
export function removeGrant(
  tenantId: TenantId,
  grantId: GrantId,
  entry: NewAuditEntry,
): Statement<{ readonly grant_id: string }> {
  return {
    name: 'remove-grant',
    text: `
      with removed as (
        update colloquy.grants set removed_at = colloquy.now_utc()
        where tenant_id = $1 and grant_id = $2 and removed_at is null returning grant_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $3, $4, $5, $6, $7, $8, $9 from removed
      )
      select grant_id from removed`,
    values: [uuidOf(tenantId), uuidOf(grantId), ...auditEntryValues(entry)],
  };
}
