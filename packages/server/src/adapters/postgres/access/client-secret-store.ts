import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { SecretId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { ClientSecretStore, NewClientSecret } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { afterUuid } from './after-uuid.ts';
import { lockClientMeans } from './lock-client-means.ts';

/** Secrets of clients in PostgreSQL, over a pool of the application's role. */
export function createClientSecretStore(pool: DatabasePool): ClientSecretStore {
  return {
    async add(tenantId, clientId, secret, entry) {
      const statements = [lockClientMeans(tenantId), insertClientSecret(tenantId, clientId, secret, entry)] as const;
      const [, inserted] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = inserted.rows;
      if (row === undefined) return 'unknown';
      if (row.outcome !== 'added') return row.outcome;
      return { secretId: secret.secretId, createdAt: row.created_at, expiresAt: row.expires_at, revokedAt: null };
    },
    async list(tenantId, clientId, page) {
      const statement = listClientSecrets(tenantId, clientId, page);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      if (rows.length === 0) return null;
      return rows.flatMap(({ secret_id: id, created_at: createdAt, expires_at: expiresAt, revoked_at: revokedAt }) =>
        id === null ? [] : [{ secretId: idOf('sec', id), createdAt, expiresAt, revokedAt }],
      );
    },
    async revoke(tenantId, clientId, secretId, entry) {
      const statement = revokeClientSecret(tenantId, clientId, secretId, entry);
      const [revoked] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return revoked.rows.length === 1;
    },
  };
}

export const clientSecretPorts = (pool: DatabasePool) => ({ clientSecrets: createClientSecretStore(pool) });

interface InsertedSecretRow {
  readonly outcome: 'added' | 'keyless' | 'full';
  readonly created_at: Date;
  readonly expires_at: Date | null;
}

/** A further secret and the audit entry; only the entry, as refused, when the client may not have one; no row for an unknown or revoked client. */
function insertClientSecret(
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

interface ClientSecretRow {
  /** Null in the one row of a client without secrets on this page. */
  readonly secret_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

/** A client's secrets after an id, in the order of ids; no row for a client that the tenant does not have. */
function listClientSecrets(tenantId: TenantId, clientId: string, page: PageRequest): Statement<ClientSecretRow> {
  return {
    name: 'list-client-secrets',
    text: `
      select s.secret_id, s.created_at, s.expires_at, s.revoked_at
      from colloquy.oauth_clients c left join lateral (
        select secret_id, created_at, expires_at, revoked_at from colloquy.oauth_client_secrets
        where tenant_id = c.tenant_id and client_id = c.client_id and secret_id > $3 order by secret_id limit $4
      ) s on true
      where c.tenant_id = $1 and c.client_id = $2
      order by s.secret_id`,
    values: [uuidOf(tenantId), clientId, afterUuid(page.after), page.limit],
  };
}

/** Revokes a secret and writes the audit entry; no row when the client has no such secret that lives. */
function revokeClientSecret(tenantId: TenantId, clientId: string, secretId: SecretId, entry: NewAuditEntry): Statement {
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
