import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Revokes a client, with its audit entry when that changed anything. `known` tells whether the tenant has such a client. */
export function revokeOAuthClient(
  tenantId: TenantId,
  clientId: string,
  entry: NewAuditEntry,
): Statement<{ readonly known: boolean }> {
  return {
    name: 'revoke-oauth-client',
    text: `
      with revoked as (
        update colloquy.oauth_clients set revoked_at = colloquy.now_utc()
        where tenant_id = $1 and client_id = $2 and revoked_at is null
        returning client_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $3, $4, $5, $6, $7, $8, $9 from revoked
      )
      select exists (select from colloquy.oauth_clients where tenant_id = $1 and client_id = $2) as known`,
    values: [uuidOf(tenantId), clientId, ...auditEntryValues(entry)],
  };
}
