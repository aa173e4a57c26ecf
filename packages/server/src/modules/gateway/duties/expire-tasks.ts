import { limits } from '../../../kernel/limits.ts';
import { taskMachine } from '../../tasks/index.ts';
import type { NodeStore, PlacedTask, TaskStore, WaitingPlace, WaitingTask } from '../../tasks/index.ts';
import { failIdleTask } from '../run/fail-idle-task.ts';
import type { FailPorts } from '../run/fail-idle-task.ts';

export interface ExpiryPorts extends FailPorts {
  readonly nodes: Pick<NodeStore, 'findWaitingTasks'>;
  readonly store: Pick<TaskStore, 'findForWork' | 'write'>;
  readonly report: (error: unknown) => void;
}

/**
 * Ends tasks as `task.expired` that have waited for their callers for `waitMs`, slice by slice; resolves with how many. A task that can not be
 * ended is reported and skipped, so that it blocks no other; the next sweep tries again.
 */
export async function expireTasks(ports: ExpiryPorts, waitMs: number): Promise<number> {
  let expired = 0;
  let after: WaitingPlace | null = null;
  for (let slice = 0; slice < limits.housekeepingSlicesMax; slice += 1) {
    const waiting: readonly PlacedTask[] = await ports.nodes.findWaitingTasks(waitMs, limits.expiredTasksMax, after);
    const ended = await Promise.all(waiting.map((task) => expire(ports, task)));
    expired += ended.filter((isEnded) => isEnded).length;
    after = waiting.at(-1) ?? null;
    if (waiting.length < limits.expiredTasksMax) break;
  }
  return expired;
}

/** False when the task went on meanwhile, or could not be ended. */
async function expire(ports: ExpiryPorts, { tenantId, taskId, attempt }: WaitingTask): Promise<boolean> {
  try {
    const row = await ports.store.findForWork(tenantId, taskId);
    // Another attempt means another wait, which began later.
    if (row === null || row.attempt !== attempt || taskMachine[row.state].expire !== 'allowed') return false;
    return await failIdleTask(ports, row, 'task.expired');
  } catch (error) {
    ports.report(error);
    return false;
  }
}
