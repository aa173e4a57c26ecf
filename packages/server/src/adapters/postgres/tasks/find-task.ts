import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { isVisible } from './task-visibility.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** One task as its owner may see it at the address of its agent, whether that agent still has the name or not. */
export function findTask(viewer: TaskViewer, taskId: TaskId): Statement<TaskColumns> {
  return {
    name: 'find-task',
    text: `
      select ${taskColumns} from colloquy.tasks t
      where t.tenant_id = $1 and t.task_id = $2
        and ${isVisible('$3', '$4')}`,
    values: [uuidOf(viewer.tenantId), uuidOf(taskId), viewer.ownerId, viewer.agentName],
  };
}
