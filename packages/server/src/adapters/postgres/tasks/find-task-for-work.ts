import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** One task for the node that works on it. */
export function findTaskForWork(tenantId: TenantId, taskId: TaskId): Statement<TaskColumns> {
  return {
    name: 'find-task-for-work',
    text: `select ${taskColumns} from colloquy.tasks t where t.tenant_id = $1 and t.task_id = $2`,
    values: [uuidOf(tenantId), uuidOf(taskId)],
  };
}
