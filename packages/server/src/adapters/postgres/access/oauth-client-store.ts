import type { CostAllocation } from '../../../kernel/caller.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { NewOAuthClient, OAuthClientStore } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { clientOf, recordOf } from './client-row.ts';
import type { OAuthClientLookupRow, OAuthClientRow } from './client-row.ts';

/** OAuth clients in PostgreSQL, over a pool of the application's role. */
export function createOAuthClientStore(pool: DatabasePool): OAuthClientStore {
  const rowsOf = async <Row>(tenantIds: readonly TenantId[], statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await inTransaction(pool, { tenantIds: tenantIds.map(uuidOf) }, [statement]);
    return rows;
  };
  return {
    async create(tenantId, client, entry) {
      const [row] = await whenAvailable(rowsOf([tenantId], createOAuthClient(tenantId, client, entry)));
      const { secret: _secret, authentication, ...made } = client;
      if (row === undefined) return null;
      return { ...made, authMethod: authentication.method, createdAt: row.created_at, revokedAt: null };
    },
    async revoke(tenantId, clientId, entry) {
      const [row] = await whenAvailable(rowsOf([tenantId], revokeOAuthClient(tenantId, clientId, entry)));
      return row?.known === true;
    },
    async allocate(tenantId, clientId, allocation, entry) {
      const [row] = await whenAvailable(
        rowsOf([tenantId], allocateOAuthClient({ tenantId, clientId, allocation }, entry)),
      );
      return row?.known === true;
    },
    async list(tenantId, page) {
      return (await whenAvailable(rowsOf([tenantId], listOAuthClients(tenantId, page)))).map(clientOf);
    },
    async find(clientId) {
      const [row] = await whenAvailable(rowsOf([], findOAuthClient(clientId)));
      return row === undefined ? null : recordOf(row);
    },
  };
}

/** Adds a client with its first secret, if it has any, and its audit entry. No row when the name is taken; then only the entry is written, as a refusal. */
function createOAuthClient(
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
          subject_kind, subject_value, department, cost_center)
        values ($1, $2, $3, $4, $5, $14, $15, $16, $17, $18, $21, $22)
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
      client.allocation.department,
      client.allocation.costCenter,
    ],
  };
}

/** A client of any tenant: the token endpoint and the token check know only its id. */
function findOAuthClient(clientId: string): Statement<OAuthClientLookupRow> {
  return {
    name: 'find-oauth-client',
    text: `
      select tenant_id, tenant_slug, client_id, kind, scopes, revoked_at, auth_method, token_binding, jwks, subject_kind,
        subject_value, secret_hashes, authorities, department, cost_center
      from colloquy.find_oauth_client($1)`,
    values: [clientId],
  };
}

/** A tenant's clients after a client id, in the order of ids. */
function listOAuthClients(tenantId: TenantId, page: PageRequest): Statement<OAuthClientRow> {
  return {
    name: 'list-oauth-clients',
    text: `
      select client_id, name, kind, scopes, auth_method, token_binding, department, cost_center, created_at, revoked_at
      from colloquy.oauth_clients
      where tenant_id = $1 and client_id > $2 order by client_id limit $3`,
    values: [uuidOf(tenantId), page.after ?? '', page.limit],
  };
}

interface ClientAllocation {
  readonly tenantId: TenantId;
  readonly clientId: string;
  readonly allocation: CostAllocation;
}

/** Sets the allocation of a client, with its audit entry. `known`: whether the tenant has such a client. */
function allocateOAuthClient(
  { tenantId, clientId, allocation }: ClientAllocation,
  entry: NewAuditEntry,
): Statement<{ readonly known: boolean }> {
  return {
    name: 'allocate-oauth-client',
    text: `
      with allocated as (
        update colloquy.oauth_clients set department = $10, cost_center = $11 where tenant_id = $1 and client_id = $2
        returning client_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $3, $4, $5, $6, $7, $8, $9 from allocated
      )
      select exists (select from allocated) as known`,
    values: [uuidOf(tenantId), clientId, ...auditEntryValues(entry), allocation.department, allocation.costCenter],
  };
}

/** Revokes a client, with its audit entry when that changed anything. `known`: whether the tenant has such a client. */
function revokeOAuthClient(
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
