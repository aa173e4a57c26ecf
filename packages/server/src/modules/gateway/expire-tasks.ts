import { limits } from '../../kernel/limits.ts';
import { taskMachine } from '../tasks/index.ts';
import type { NodeStore, TaskStore, WaitingTask } from '../tasks/index.ts';
import { failIdleTask } from './fail-idle-task.ts';
import type { FailPorts } from './fail-idle-task.ts';

export interface ExpiryPorts extends FailPorts {
  readonly nodes: Pick<NodeStore, 'findWaitingTasks'>;
  readonly store: Pick<TaskStore, 'findForWork' | 'write'>;
  readonly report: (error: unknown) => void;
}

/** Ends tasks as `task.expired` that have waited for their callers for `waitMs`, slice by slice; resolves with how many. */
export async function expireTasks(ports: ExpiryPorts, waitMs: number): Promise<number> {
  let expired = 0;
  for (let slice = 0; slice < limits.housekeepingSlicesMax; slice += 1) {
    const waiting = await ports.nodes.findWaitingTasks(waitMs, limits.expiredTasksMax);
    const ended = await Promise.all(waiting.map((task) => expire(ports, task)));
    const count = ended.filter((isEnded) => isEnded).length;
    expired += count;
    // What could not be ended is found first again; the next sweep tries it once more.
    if (waiting.length < limits.expiredTasksMax || count === 0) break;
  }
  return expired;
}

/** False when the task went on meanwhile, or could not be ended now. */
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
