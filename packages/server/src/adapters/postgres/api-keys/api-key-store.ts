import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ApiKeyRecord, ApiKeyStore } from '../../../modules/api-keys/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { apiKeyOf } from './api-key-row.ts';
import { createApiKey } from './create-api-key.ts';
import { findApiKey } from './find-api-key.ts';
import type { ApiKeyLookupRow } from './find-api-key.ts';
import { listApiKeys } from './list-api-keys.ts';
import { lockApiKeys } from './lock-api-keys.ts';
import { noteApiKeyUses } from './note-api-key-uses.ts';
import { revokeApiKey } from './revoke-api-key.ts';

/** API keys in PostgreSQL, over a pool of the application's role. */
export function createApiKeyStore(pool: DatabasePool): ApiKeyStore {
  const run = async <Row>(tenantIds: readonly TenantId[], statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: tenantIds.map(uuidOf) }, [statement]));
    return rows;
  };
  return {
    async create(tenantId, key, entry) {
      const statements = [lockApiKeys(tenantId), createApiKey(tenantId, key, entry)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      const [row] = rows;
      return row === undefined ? null : apiKeyOf(row);
    },
    async revoke(tenantId, keyId, entry) {
      const [row] = await run([tenantId], revokeApiKey(tenantId, keyId, entry));
      return row?.known === true;
    },
    async list(tenantId, page) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listApiKeys(tenantId, page)));
      return rows.map(apiKeyOf);
    },
    async find(keyId) {
      const [row] = await run([], findApiKey(keyId));
      return row === undefined ? null : recordOf(row);
    },
    async noteUses(uses) {
      await run([...new Set(uses.map(({ tenantId }) => tenantId))], noteApiKeyUses(uses));
    },
  };
}

function recordOf(row: ApiKeyLookupRow): ApiKeyRecord {
  return {
    keyId: idOf('apk', row.key_id.slice(4)),
    principalId: row.principal_id,
    tenant: { id: idOf('tnt', row.tenant_id), slug: row.tenant_slug },
    secretHash: row.secret_hash,
    scopes: row.scopes,
    agentNames: row.agent_names,
    leftMs: row.left_ms,
    isLive: row.is_live,
  };
}
