import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** One task as its owner may see it at one agent's address. */
export function findTask(viewer: TaskViewer, taskId: TaskId): Statement<TaskColumns> {
  return {
    name: 'find-task',
    text: `
      select ${taskColumns} from colloquy.tasks t
      where t.tenant_id = $1 and t.task_id = $2 and t.owner_id = $3 and t.agent_id = $4`,
    values: [uuidOf(viewer.tenantId), uuidOf(taskId), viewer.ownerId, uuidOf(viewer.agentId)],
  };
}
