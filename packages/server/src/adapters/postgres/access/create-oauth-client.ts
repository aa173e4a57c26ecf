import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewOAuthClient } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { Statement } from '../statement.ts';

/** Adds a client and its audit entry. No row when the name is taken; then only the entry is written, as a refusal. */
export function createOAuthClient(
  tenantId: TenantId,
  client: NewOAuthClient,
  entry: NewAuditEntry,
): Statement<{ readonly created_at: Date }> {
  return {
    name: 'create-oauth-client',
    text: `
      with created as (
        insert into colloquy.oauth_clients (tenant_id, client_id, name, kind, secret_hash, scopes)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, name) do nothing
        returning created_at
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
      client.secretHash,
      client.scopes,
      uuidOf(entry.entryId),
      entry.actorId,
      entry.action,
      entry.outcome,
      entry.resource,
      entry.requestId,
      JSON.stringify(entry.facts),
    ],
  };
}
