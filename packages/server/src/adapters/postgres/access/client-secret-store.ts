import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { ClientSecretStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { insertClientSecret } from './insert-client-secret.ts';
import { listClientSecrets } from './list-client-secrets.ts';
import { lockClientMeans } from './lock-client-means.ts';
import { revokeClientSecret } from './revoke-client-secret.ts';

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
