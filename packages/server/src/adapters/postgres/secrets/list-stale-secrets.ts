import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';
import type { SealedColumn } from './sealed-columns.ts';

export interface StaleSecretRow {
  readonly at: string;
  readonly row_id: string;
  readonly bound_to: string;
  readonly sealed: Buffer;
}

/** Secrets of a column that another data key sealed, or that have the first form, in the order of their places on disk. */
export function listStaleSecrets(
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
