import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewOAuthClient } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Adds a client with its first secret, if it has any, and its audit entry. No row when the name is taken; then only the entry is written, as a refusal. */
export function createOAuthClient(
  tenantId: TenantId,
  client: NewOAuthClient,
  entry: NewAuditEntry,
): Statement<{ readonly created_at: Date }> {
  const { authentication, secret } = client;
  return {
    name: 'create-oauth-client',
    text: `
      with created as (
        insert into colloquy.oauth_clients (tenant_id, client_id, name, kind, scopes, auth_method, token_binding, jwks,
          subject_kind, subject_value)
        values ($1, $2, $3, $4, $5, $14, $15, $16, $17, $18)
        on conflict (tenant_id, name) do nothing
        returning created_at
      ), secret as (
        insert into colloquy.oauth_client_secrets (tenant_id, client_id, secret_id, secret_hash, created_at, expires_at)
        select $1, $2, $6, $19, created_at, created_at + $20 * interval '1 millisecond' from created where $6::uuid is not null
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        values ($1, $7, $8, $9, case when exists (select from created) then $10 else 'refused' end, $11, $12, $13)
      )
      select created_at from created`,
    values: [
      uuidOf(tenantId),
      client.clientId,
      client.name,
      client.kind,
      client.scopes,
      secret === null ? null : uuidOf(secret.secretId),
      ...auditEntryValues(entry),
      authentication.method,
      client.tokenBinding,
      'jwks' in authentication ? JSON.stringify(authentication.jwks) : null,
      'subject' in authentication ? authentication.subject.kind : null,
      'subject' in authentication ? authentication.subject.value : null,
      secret?.hash ?? null,
      secret?.lifeMs ?? null,
    ],
  };
}
