import { uuidOf } from '../../../kernel/ids.ts';
import type { DataKeyStore, KeyOwner, WrappedDataKey } from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { dataKeyOf } from './data-key-row.ts';
import type { DataKeyRow } from './data-key-row.ts';
import { findOldPlatformKey } from './find-old-platform-key.ts';
import { findOldTenantKey } from './find-old-tenant-key.ts';
import { findPlatformKey } from './find-platform-key.ts';
import { findTenantKey } from './find-tenant-key.ts';
import { insertPlatformKey } from './insert-platform-key.ts';
import { insertTenantKey } from './insert-tenant-key.ts';
import { listForeignPlatformKeys } from './list-foreign-platform-keys.ts';
import { listForeignTenantKeys } from './list-foreign-tenant-keys.ts';
import { retirePlatformKey } from './retire-platform-key.ts';
import { retireTenantKey } from './retire-tenant-key.ts';
import { rewrapPlatformKey } from './rewrap-platform-key.ts';
import { rewrapTenantKey } from './rewrap-tenant-key.ts';

/** Data keys in PostgreSQL, over a pool of the application's role. */
export function createDataKeyStore(pool: DatabasePool): DataKeyStore {
  const tenantsOf = (owner: KeyOwner): { tenantIds: readonly string[] } => ({
    tenantIds: owner === null ? [] : [uuidOf(owner)],
  });
  const finding = (owner: KeyOwner, keyId: string | null): Statement<DataKeyRow> =>
    owner === null ? findPlatformKey(keyId) : findTenantKey(uuidOf(owner), keyId);
  const find = async (owner: KeyOwner, keyId: string | null): Promise<WrappedDataKey | null> => {
    const [{ rows }] = await untilKnown(() => inTransaction(pool, tenantsOf(owner), [finding(owner, keyId)]));
    return rows[0] === undefined ? null : dataKeyOf(owner, rows[0]);
  };
  return {
    findCurrent: (owner) => find(owner, null),
    find,
    async add(key, after) {
      const { owner } = key;
      const retiring = owner === null ? retirePlatformKey(after) : retireTenantKey(uuidOf(owner), after);
      const inserting = owner === null ? insertPlatformKey(key, 'sealing') : insertTenantKey(uuidOf(owner), key);
      const statements = [retiring, inserting, finding(owner, null)] as const;
      const [, , { rows }] = await untilKnown(() => inTransaction(pool, tenantsOf(owner), statements));
      return rows[0] === undefined ? null : dataKeyOf(owner, rows[0]);
    },
    async listWrappedByOthers(owner, kekId) {
      const listing = owner === null ? listForeignPlatformKeys(kekId) : listForeignTenantKeys(uuidOf(owner), kekId);
      const [{ rows }] = await untilKnown(() => inTransaction(pool, tenantsOf(owner), [listing]));
      return rows.map((row) => dataKeyOf(owner, row));
    },
    async rewrap(key) {
      const { owner } = key;
      const statement = owner === null ? rewrapPlatformKey(key) : rewrapTenantKey(uuidOf(owner), key);
      await untilKnown(() => inTransaction(pool, tenantsOf(owner), [statement]));
    },
    async isOlderThan(owner, instant) {
      const old = owner === null ? findOldPlatformKey(instant) : findOldTenantKey(uuidOf(owner), instant);
      const [{ rows }] = await untilKnown(() => inTransaction(pool, tenantsOf(owner), [old]));
      return rows.length > 0;
    },
  };
}
