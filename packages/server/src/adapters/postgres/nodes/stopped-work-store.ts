import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { StoppedWorkStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { cancelStoppedTasks } from './cancel-stopped-tasks.ts';
import { findStoppedWaits } from './find-stopped-waits.ts';
import { freeStoppedClaims } from './free-stopped-claims.ts';
import { listStopsInForce } from './list-stops-in-force.ts';

/** `workers` sees what is stopped in every tenant; what is done about it is done as the one tenant, by `tenants`. */
export function createStoppedWorkStore(workers: DatabasePool, tenants: DatabasePool): StoppedWorkStore {
  return {
    async listStops(youngerThanMs) {
      const statement = listStopsInForce(youngerThanMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows.map(({ tenant_id, kind, name, stopped_at }) => ({
        tenantId: idOf('tnt', tenant_id),
        kind,
        name,
        stoppedAtMs: stopped_at.getTime(),
      }));
    },
    async drain(target, waitingMax) {
      const statements = [
        cancelStoppedTasks(target),
        findStoppedWaits(target, waitingMax),
        freeStoppedClaims(target),
      ] as const;
      const options = { tenantIds: [uuidOf(target.tenantId)] };
      const [asked, waiting] = await whenAvailable(inTransaction(tenants, options, statements));
      const idsOf = (rows: readonly { readonly task_id: string }[]) => rows.map((row) => idOf('tsk', row.task_id));
      return { asked: idsOf(asked.rows), waiting: idsOf(waiting.rows) };
    },
  };
}
