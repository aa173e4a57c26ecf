import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Writes the wish to cancel on a task that somebody works on. */
export function requestCancel(viewer: TaskViewer, taskId: TaskId): Statement {
  return {
    name: 'request-cancel',
    text: `
      update colloquy.tasks set cancel_requested_at = coalesce(cancel_requested_at, colloquy.now_utc())
      where tenant_id = $1 and task_id = $2 and owner_id = $3 and agent_id = $4 and state in ('submitted', 'working')`,
    values: [uuidOf(viewer.tenantId), uuidOf(taskId), viewer.ownerId, uuidOf(viewer.agentId)],
  };
}
