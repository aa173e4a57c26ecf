import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ClientCredentialRecord, OAuthClient, OAuthClientStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { createOAuthClient } from './create-oauth-client.ts';
import { findOAuthClient } from './find-oauth-client.ts';
import type { OAuthClientLookupRow } from './find-oauth-client.ts';
import { listOAuthClients } from './list-oauth-clients.ts';
import type { OAuthClientRow } from './list-oauth-clients.ts';
import { revokeOAuthClient } from './revoke-oauth-client.ts';

/** OAuth clients in PostgreSQL, over a pool of the application's role. */
export function createOAuthClientStore(pool: DatabasePool): OAuthClientStore {
  const rowsOf = async <Row>(tenantIds: readonly TenantId[], statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await inTransaction(pool, { tenantIds: tenantIds.map(uuidOf) }, [statement]);
    return rows;
  };
  return {
    async create(tenantId, client, entry) {
      const [row] = await whenAvailable(rowsOf([tenantId], createOAuthClient(tenantId, client, entry)));
      const { clientId, name, kind, scopes } = client;
      return row === undefined ? null : { clientId, name, kind, scopes, createdAt: row.created_at, revokedAt: null };
    },
    async revoke(tenantId, clientId, entry) {
      const [row] = await whenAvailable(rowsOf([tenantId], revokeOAuthClient(tenantId, clientId, entry)));
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

function clientOf(row: OAuthClientRow): OAuthClient {
  const { client_id: clientId, name, kind, scopes, created_at: createdAt, revoked_at: revokedAt } = row;
  return { clientId, name, kind, scopes, createdAt, revokedAt };
}

function recordOf(row: OAuthClientLookupRow): ClientCredentialRecord {
  return {
    clientId: row.client_id,
    kind: row.kind,
    tenant: { id: idOf('tnt', row.tenant_id), slug: row.tenant_slug },
    scopes: row.scopes,
    secretHash: row.secret_hash,
    isRevoked: row.revoked_at !== null,
  };
}
