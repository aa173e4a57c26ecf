import type { SlaCounter } from '../../../modules/sla/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { countEndedTasks } from './count-ended-tasks.ts';
import type { CountingBounds } from './count-ended-tasks.ts';

/** Counts ended tasks in PostgreSQL, over a pool of the worker's role. */
export function createSlaCounter(pool: DatabasePool, bounds: CountingBounds): SlaCounter {
  return {
    async count(rules) {
      const [{ rows }] = await inTransaction(pool, { tenantIds: [] }, [countEndedTasks(rules, bounds)]);
      const [row] = rows;
      return {
        entries: Number(row?.entries ?? 0),
        tasks: Number(row?.tasks ?? 0),
        failed: Number(row?.failed ?? 0),
        late: Number(row?.late ?? 0),
        isFull: row?.is_full ?? false,
      };
    },
  };
}
