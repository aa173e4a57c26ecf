import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { isVisible } from './task-visibility.ts';

/** Writes the wish to cancel on a task that somebody works on. */
export function requestCancel(viewer: TaskViewer, taskId: TaskId): Statement {
  return {
    name: 'request-cancel',
    text: `
      update colloquy.tasks t set cancel_requested_at = coalesce(t.cancel_requested_at, colloquy.now_utc())
      where t.tenant_id = $1 and t.task_id = $2 and t.state in ('submitted', 'working')
        and ${isVisible('$3', '$4')}`,
    values: [uuidOf(viewer.tenantId), uuidOf(taskId), viewer.ownerId, viewer.agentName],
  };
}
