import { uuidOf } from '../../../kernel/ids.ts';
import type { AuthorityId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Removes an authority and writes the audit entry; no row when the tenant trusts no such authority. */
export function deleteClientAuthority(tenantId: TenantId, authorityId: AuthorityId, entry: NewAuditEntry): Statement {
  return {
    name: 'delete-client-authority',
    text: `
      with removed as (
        delete from colloquy.client_authorities where tenant_id = $1 and authority_id = $2 returning authority_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $3, $4, $5, $6, $7, $8, $9 from removed
      )
      select authority_id from removed`,
    values: [uuidOf(tenantId), uuidOf(authorityId), ...auditEntryValues(entry)],
  };
}
