import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewClientSecret } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface InsertedSecretRow {
  readonly outcome: 'added' | 'keyless' | 'full';
  readonly created_at: Date;
  readonly expires_at: Date | null;
}

/** A further secret and the audit entry; only the entry, as refused, when the client may not have one; no row for an unknown or revoked client. */
export function insertClientSecret(
  tenantId: TenantId,
  clientId: string,
  secret: NewClientSecret,
  entry: NewAuditEntry,
): Statement<InsertedSecretRow> {
  return {
    name: 'insert-client-secret',
    text: `
      with known as (
        select case
          when auth_method not in ('client_secret_basic', 'client_secret_post') then 'keyless'
          when (select count(*) from colloquy.oauth_client_secrets s
            where s.tenant_id = $1 and s.client_id = $2 and s.revoked_at is null
              and (s.expires_at is null or s.expires_at > colloquy.now_utc())) >= $6 then 'full'
          else 'added' end as outcome
        from colloquy.oauth_clients where tenant_id = $1 and client_id = $2 and revoked_at is null
      ), made as (
        insert into colloquy.oauth_client_secrets (tenant_id, client_id, secret_id, secret_hash, expires_at)
        select $1, $2, $3, $4, colloquy.now_utc() + $5 * interval '1 millisecond' from known where outcome = 'added'
        returning created_at, expires_at
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $7, $8, $9, case outcome when 'added' then $10 else 'refused' end, $11, $12, $13 from known
      )
      select outcome, created_at, expires_at from known left join made on true`,
    values: [
      uuidOf(tenantId),
      clientId,
      uuidOf(secret.secretId),
      secret.hash,
      secret.lifeMs,
      limits.clientSecretsMax,
      ...auditEntryValues(entry),
    ],
  };
}
