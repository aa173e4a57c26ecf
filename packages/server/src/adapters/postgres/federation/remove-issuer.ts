import { uuidOf } from '../../../kernel/ids.ts';
import type { IssuerId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with removed as (
    update colloquy.external_issuers set removed_at = colloquy.now_utc()
    where tenant_id = $1 and issuer_id = $2 and removed_at is null
    returning issuer_id
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from removed
  )
  select issuer_id from removed`;

/** Removes an issuer and writes the audit entry; no row when the tenant has no such issuer. */
export function removeIssuer(tenantId: TenantId, issuerId: IssuerId, entry: NewAuditEntry): Statement {
  return {
    name: 'remove-external-issuer',
    text,
    values: [uuidOf(tenantId), issuerId, ...auditEntryValues(entry)],
  };
}
