import { uuidOf } from '../../../kernel/ids.ts';
import type { DataKeyStore, KeyOwner, WrappedDataKey } from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { insertPlatformKey } from './insert-platform-key.ts';

interface DataKeyRow {
  readonly key_id: string;
  readonly kek_id: string;
  readonly wrapped: Buffer;
}

function dataKeyOf(owner: KeyOwner, row: DataKeyRow): WrappedDataKey {
  return { owner, keyId: row.key_id.replaceAll('-', ''), kekId: row.kek_id, wrapped: row.wrapped };
}

/** Whether a key-encryption key is the one that wraps now: a worker that was slow may hold one that is not any more. */
const isCurrent = (kekId: string): string =>
  `exists (select from colloquy.key_encryption_keys k where k.kek_id = ${kekId} and k.retired_at is null)`;

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

/** A row when the platform's current sealing key was made before an instant. */
function findOldPlatformKey(instant: Date): Statement {
  return {
    name: 'find-old-platform-key',
    text: `select key_id from colloquy.platform_keys where purpose = 'sealing' and retired_at is null and created_at < $1`,
    values: [instant],
  };
}

/** A row when a tenant's current key was made before an instant. */
function findOldTenantKey(tenantUuid: string, instant: Date): Statement {
  return {
    name: 'find-old-tenant-key',
    text: 'select key_id from colloquy.tenant_keys where tenant_id = $1 and retired_at is null and created_at < $2',
    values: [tenantUuid, instant],
  };
}

/** A sealing key of the platform: that of an id, or the current one for null. */
function findPlatformKey(keyId: string | null): Statement<DataKeyRow> {
  return {
    name: 'find-platform-key',
    text: `select key_id, kek_id, wrapped from colloquy.platform_keys
      where purpose = 'sealing' and (key_id = $1::uuid or ($1::uuid is null and retired_at is null))`,
    values: [keyId],
  };
}

/** A key of a tenant: that of an id, or the current one for null. */
function findTenantKey(tenantUuid: string, keyId: string | null): Statement<DataKeyRow> {
  return {
    name: 'find-tenant-key',
    text: `select key_id, kek_id, wrapped from colloquy.tenant_keys
      where tenant_id = $1 and (key_id = $2::uuid or ($2::uuid is null and retired_at is null))`,
    values: [tenantUuid, keyId],
  };
}

/** Adds a key of a tenant unless it has a current one, or the key-encryption key is not current. As `insertPlatformKey`. */
function insertTenantKey(tenantUuid: string, { keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return { name: 'insert-tenant-key', text: insertTenantKeySql, values: [tenantUuid, keyId, kekId, wrapped] };
}

const insertTenantKeySql = `
insert into colloquy.tenant_keys (tenant_id, key_id, kek_id, wrapped)
select $1, $2, k.kek_id, $4 from (
  select kek_id from colloquy.key_encryption_keys where kek_id = $3 and retired_at is null for share
) k
on conflict do nothing`;

/** Keys of the platform, the root among them, that another key-encryption key wraps. */
function listForeignPlatformKeys(kekId: string): Statement<DataKeyRow> {
  return {
    name: 'list-foreign-platform-keys',
    text: 'select key_id, kek_id, wrapped from colloquy.platform_keys where kek_id <> $1 order by key_id limit 1000',
    values: [kekId],
  };
}

/** Keys of a tenant that another key-encryption key wraps. */
function listForeignTenantKeys(tenantUuid: string, kekId: string): Statement<DataKeyRow> {
  return {
    name: 'list-foreign-tenant-keys',
    text: `select key_id, kek_id, wrapped from colloquy.tenant_keys
      where tenant_id = $1 and kek_id <> $2 order by key_id limit 1000`,
    values: [tenantUuid, kekId],
  };
}

/** A sealing key of the platform seals nothing more; its successor comes in the same transaction. */
function retirePlatformKey(keyId: string | null): Statement {
  return {
    name: 'retire-platform-key',
    text: `update colloquy.platform_keys set retired_at = colloquy.now_utc()
      where key_id = $1 and purpose = 'sealing' and retired_at is null`,
    values: [keyId],
  };
}

/** A key of a tenant seals nothing more; its successor comes in the same transaction. */
function retireTenantKey(tenantUuid: string, keyId: string | null): Statement {
  return {
    name: 'retire-tenant-key',
    text: `update colloquy.tenant_keys set retired_at = colloquy.now_utc()
      where tenant_id = $1 and key_id = $2 and retired_at is null`,
    values: [tenantUuid, keyId],
  };
}

/** The same key of the platform in another wrapping, unless that is by a key which a later rotation has retired. */
function rewrapPlatformKey({ keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return {
    name: 'rewrap-platform-key',
    text: 'update colloquy.platform_keys set kek_id = $2, wrapped = $3 where key_id = $1 and ' + isCurrent('$2'),
    values: [keyId, kekId, wrapped],
  };
}

/** The same key of a tenant in another wrapping, unless that is by a key which a later rotation has retired. */
function rewrapTenantKey(tenantUuid: string, { keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return {
    name: 'rewrap-tenant-key',
    text:
      'update colloquy.tenant_keys set kek_id = $3, wrapped = $4 where tenant_id = $1 and key_id = $2 and ' +
      isCurrent('$3'),
    values: [tenantUuid, keyId, kekId, wrapped],
  };
}
