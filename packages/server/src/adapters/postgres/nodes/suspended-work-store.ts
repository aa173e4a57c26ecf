import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { SuspendedWorkStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { cancelSuspendedTasks } from './cancel-suspended-tasks.ts';
import { findSuspendedWaits } from './find-suspended-waits.ts';
import { freeSuspendedClaims } from './free-suspended-claims.ts';
import { listSuspensionsInForce } from './list-suspensions-in-force.ts';

/** `workers` sees what is stopped in every tenant; what is done about it is done as the one tenant, by `tenants`. */
export function createSuspendedWorkStore(workers: DatabasePool, tenants: DatabasePool): SuspendedWorkStore {
  return {
    async listSuspensions(youngerThanMs) {
      const statement = listSuspensionsInForce(youngerThanMs);
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
        cancelSuspendedTasks(target),
        findSuspendedWaits(target, waitingMax),
        freeSuspendedClaims(target),
      ] as const;
      const options = { tenantIds: [uuidOf(target.tenantId)] };
      const [asked, waiting] = await whenAvailable(inTransaction(tenants, options, statements));
      const idsOf = (rows: readonly { readonly task_id: string }[]) => rows.map((row) => idOf('tsk', row.task_id));
      return { asked: idsOf(asked.rows), waiting: idsOf(waiting.rows) };
    },
  };
}
