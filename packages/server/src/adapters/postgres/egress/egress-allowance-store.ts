import { uuidOf } from '../../../kernel/ids.ts';
import type { EgressAllowanceStore } from '../../../modules/egress/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { deleteAllowance } from './delete-allowance.ts';
import { allowanceOf } from './egress-allowance-row.ts';
import { insertAllowance } from './insert-allowance.ts';
import { listAllowances } from './list-allowances.ts';
import { lockAllowances } from './lock-allowances.ts';

/** Allowances in PostgreSQL, over a pool of the application's role. */
export function createEgressAllowanceStore(pool: DatabasePool): EgressAllowanceStore {
  return {
    async list(tenantId) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), listAllowances(tenantId)));
      return rows.map(allowanceOf);
    },
    async add(tenantId, allowance, entry) {
      const statements = [lockAllowances(tenantId), insertAllowance(tenantId, allowance, entry)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      return rows[0] === undefined ? null : allowanceOf(rows[0]);
    },
    async remove(tenantId, target, entry) {
      const statements = [deleteAllowance(tenantId, target, entry)] as const;
      const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      return rows.length === 1;
    },
  };
}
