import { uuidOf } from '../../../kernel/ids.ts';
import type { SecretId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Revokes a secret and writes the audit entry; no row when the client has no such secret that lives. */
export function revokeClientSecret(
  tenantId: TenantId,
  clientId: string,
  secretId: SecretId,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'revoke-client-secret',
    text: `
      with revoked as (
        update colloquy.oauth_client_secrets set revoked_at = colloquy.now_utc()
        where tenant_id = $1 and client_id = $2 and secret_id = $3 and revoked_at is null
          and (expires_at is null or expires_at > colloquy.now_utc())
        returning secret_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $4, $5, $6, $7, $8, $9, $10 from revoked
      )
      select secret_id from revoked`,
    values: [uuidOf(tenantId), clientId, uuidOf(secretId), ...auditEntryValues(entry)],
  };
}
