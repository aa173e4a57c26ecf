import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskMover } from '../../../modules/tasks/index.ts';
import { lockSlotsOfTasks } from '../lock-slots.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { countAttempts, moveTask } from './move-task.ts';

/** Moves of tasks between instances and agents, in PostgreSQL. */
export function createTaskMover(pool: DatabasePool): TaskMover {
  return {
    async move(move) {
      const options = { tenantIds: [uuidOf(move.lease.tenantId)] };
      const moved =
        move.leavesSlots === true
          ? (await whenAvailable(inTransaction(pool, options, [lockSlotsOfTasks([move.lease]), moveTask(move)])))[1]
          : (await whenAvailable(inTransaction(pool, options, [moveTask(move)])))[0];
      return moved.rows.length === 1 ? 'written' : 'stale';
    },
    async countAttempts(tenantId, taskId) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [{ rows }] = await whenAvailable(inTransaction(pool, options, [countAttempts(tenantId, taskId)]));
      return rows[0]?.tries ?? 1;
    },
  };
}
