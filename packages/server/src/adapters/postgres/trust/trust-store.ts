import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { TrustStore } from '../../../modules/trust/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { cardKeyOf } from './card-key-row.ts';
import { findCardKeys } from './find-card-keys.ts';
import { findCardPolicy } from './find-card-policy.ts';
import { insertCardKey } from './insert-card-key.ts';
import { listCardKeys } from './list-card-keys.ts';
import { lockCardKeys } from './lock-card-keys.ts';
import { revokeCardKey } from './revoke-card-key.ts';
import { setCardPolicy } from './set-card-policy.ts';

/** The trust of tenants in PostgreSQL, over a pool of the application's role. */
export function createTrustStore(pool: DatabasePool): TrustStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async addKey(tenantId, key, entry) {
      const statements = [lockCardKeys(tenantId), insertCardKey(tenantId, key, entry)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, inserted] = await whenAvailable(inTransaction(pool, options, statements));
      const [row] = inserted.rows;
      if (row === undefined) return 'exists';
      return row.outcome === 'added' ? cardKeyOf(row) : row.outcome;
    },
    async listKeys(tenantId, page) {
      return (await read(tenantId, listCardKeys(tenantId, page))).map(cardKeyOf);
    },
    async findKeys(tenantId, kids) {
      return (await read(tenantId, findCardKeys(tenantId, kids))).map(cardKeyOf);
    },
    async revokeKey(tenantId, kid, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [revoked] = await whenAvailable(inTransaction(pool, options, [revokeCardKey(tenantId, kid, entry)]));
      return revoked.rows.length === 1;
    },
    async findPolicy(tenantId) {
      const [row] = await read(tenantId, findCardPolicy(tenantId));
      return row ?? null;
    },
    async setPolicy(tenantId, policy, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      await whenAvailable(inTransaction(pool, options, [setCardPolicy(tenantId, policy, entry)]));
    },
  };
}
