import { uuidOf } from '../../../kernel/ids.ts';
import type { KeyOwner, SealedSecretStore } from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { listStaleSecrets } from './list-stale-secrets.ts';
import { replaceSecret } from './replace-secret.ts';
import { nameOf, sealedColumnsOf } from './sealed-columns.ts';
import type { SealedColumn } from './sealed-columns.ts';

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
