import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { OAuthClientStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { clientOf, recordOf } from './client-row.ts';
import { createOAuthClient } from './create-oauth-client.ts';
import { findOAuthClient } from './find-oauth-client.ts';
import { listOAuthClients } from './list-oauth-clients.ts';
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
      const { secret: _secret, authentication, ...made } = client;
      if (row === undefined) return null;
      return { ...made, authMethod: authentication.method, createdAt: row.created_at, revokedAt: null };
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
