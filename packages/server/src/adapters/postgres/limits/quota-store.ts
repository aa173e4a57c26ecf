import { uuidOf } from '../../../kernel/ids.ts';
import type { QuotaStore } from '../../../modules/limits/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { exchangeQuotas } from './exchange-quotas.ts';

/** Counts of sends in PostgreSQL, over a pool of the application's role. One transaction for all tenants that a process counted for. */
export function createQuotaStore(pool: DatabasePool): QuotaStore {
  return {
    async exchange(told) {
      const tenantIds = [...new Set(told.map(({ tenantId }) => uuidOf(tenantId)))];
      const [counted] = await whenAvailable(inTransaction(pool, { tenantIds }, [exchangeQuotas(told)]));
      const byPlace = new Map(counted.rows.map(({ n, sends }) => [n - 1, Number(sends)]));
      return told.map((_told, at) => byPlace.get(at) ?? 0);
    },
  };
}
