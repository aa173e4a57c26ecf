import type { StoredSecret } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';
import type { SealedColumn } from './sealed-columns.ts';

/** Puts a secret sealed anew in place of the same secret; no row when it has changed or moved since it was read. */
export function replaceSecret(
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
