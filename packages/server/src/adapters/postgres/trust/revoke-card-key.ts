import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with revoked as (
    update colloquy.trusted_card_keys set revoked_by = $4, revoked_at = colloquy.now_utc()
    where tenant_id = $1 and kid = $2 and revoked_at is null
    returning kid
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from revoked
  )
  select kid from revoked`;

/** Revokes a key and writes the audit entry; no row when the tenant trusts no such key. */
export function revokeCardKey(tenantId: TenantId, kid: string, entry: NewAuditEntry): Statement {
  return {
    name: 'revoke-card-key',
    text,
    values: [uuidOf(tenantId), kid, ...auditEntryValues(entry)],
  };
}
