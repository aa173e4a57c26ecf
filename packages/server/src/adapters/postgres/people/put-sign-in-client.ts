import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { SignInClient } from '../../../modules/people/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Says where a client sends people back to, with the audit entry. No row when the tenant has no such client that lives. */
export function putSignInClient(
  tenantId: TenantId,
  { clientId, redirectUris, isPublic }: SignInClient,
  entry: NewAuditEntry,
): Statement<{ readonly client_id: string }> {
  return {
    name: 'put-sign-in-client',
    text: `
      with put as (
        insert into colloquy.sign_in_clients (tenant_id, client_id, redirect_uris, is_public)
        select tenant_id, client_id, $3, $4 from colloquy.oauth_clients
        where tenant_id = $1 and client_id = $2 and revoked_at is null and kind = 'oauth-client'
        on conflict (tenant_id, client_id) do update
        set redirect_uris = excluded.redirect_uris, is_public = excluded.is_public
        returning client_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $5, $6, $7, $8, $9, $10, $11 from put
      )
      select client_id from put`,
    values: [uuidOf(tenantId), clientId, redirectUris, isPublic, ...auditEntryValues(entry)],
  };
}
