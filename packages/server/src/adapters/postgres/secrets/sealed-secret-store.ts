import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { KeyOwner, SealedSecretStore, StoredSecret } from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { nameOf, sealedColumnsOf } from './sealed-columns.ts';
import type { SealedColumn } from './sealed-columns.ts';

interface StaleSecretRow {
  readonly at: string;
  readonly row_id: string;
  readonly bound_to: string;
  readonly sealed: Buffer;
}

/** Secrets of a column that another data key sealed, or that have the first form, in the order of their places on disk. */
function listStaleSecrets(
  { table, column, rowId, boundTo, isOfTenants }: SealedColumn,
  tenantUuid: string | null,
  { keyId, after }: { readonly keyId: string; readonly after: string | null },
): Statement<StaleSecretRow> {
  const ofOwner = isOfTenants ? 'tenant_id = $1::uuid' : '$1::uuid is null';
  return {
    name: `list-stale-${table}-${column}`,
    text: `
      select ctid::text as at, ${rowId} as row_id, coalesce(${boundTo}, '') as bound_to, ${column} as sealed
      from colloquy.${table}
      where ${ofOwner} and ${column} is not null and ctid > $3::tid
        and substring(${column} from 1 for 17) is distinct from '\\x02'::bytea || decode($2, 'hex')
      order by ctid limit $4`,
    values: [tenantUuid, keyId, after ?? '(0,0)', limits.rotationSecretsMax],
  };
}

/** Replaces a secret by its re-sealed form; no row when it has changed or moved since it was read. */
function replaceSecret(
  { table, column, isOfTenants }: SealedColumn,
  tenantUuid: string | null,
  { at, sealed }: StoredSecret,
  resealed: Uint8Array,
): Statement {
  const ofOwner = isOfTenants ? 'tenant_id = $1::uuid' : '$1::uuid is null';
  return {
    name: `replace-${table}-${column}`,
    text: `update colloquy.${table} set ${column} = $4 where ${ofOwner} and ctid = $2::tid and ${column} = $3`,
    values: [tenantUuid, at, sealed, resealed],
  };
}

/** Every sealed secret in PostgreSQL, over a pool of the application's role. */
export function createSealedSecretStore(pool: DatabasePool): SealedSecretStore {
  const uuid = (owner: KeyOwner): string | null => (owner === null ? null : uuidOf(owner));
  const scope = (owner: KeyOwner): { tenantIds: readonly string[] } => ({
    tenantIds: owner === null ? [] : [uuidOf(owner)],
  });
  return {
    columnsOf: (owner) => sealedColumnsOf(owner).map(nameOf),
    async listStale(owner, name, wanted) {
      const column = columnOf(owner, name);
      const statements = [listStaleSecrets(column, uuid(owner), wanted)] as const;
      const [{ rows }] = await untilKnown(() => inTransaction(pool, scope(owner), statements));
      return rows.map(({ at, row_id: rowId, bound_to: boundTo, sealed }) => ({
        place: { tenantId: owner, table: column.table, column: column.column, rowId, boundTo },
        sealed,
        at,
      }));
    },
    async replace(owner, name, secret, sealed) {
      const statements = [replaceSecret(columnOf(owner, name), uuid(owner), secret, sealed)] as const;
      const [{ rowCount }] = await untilKnown(() => inTransaction(pool, scope(owner), statements));
      return rowCount === 1;
    },
  };
}

function columnOf(owner: KeyOwner, name: string): SealedColumn {
  const column = sealedColumnsOf(owner).find((one) => nameOf(one) === name);
  if (column === undefined) throw new TypeError('There is no such sealed column.');
  return column;
}
