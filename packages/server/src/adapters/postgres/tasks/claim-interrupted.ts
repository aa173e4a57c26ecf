import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import type { TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** Claims a waiting task, without a slot, to cancel it. The cancel request is written too, so that the reaper finds it if this node dies. */
export function claimInterrupted(
  tenantId: TenantId,
  taskId: TaskId,
  nodeId: NodeId,
  expectedAttempt: number,
): Statement<TaskColumns> {
  return {
    name: 'claim-interrupted',
    text: `
      update colloquy.tasks t
      set state = 'working', node_id = $3, attempt = t.attempt + 1, cancel_requested_at = colloquy.now_utc(),
        waiting_since = null, next_look_at = null, slot_keys = null
      where t.tenant_id = $1 and t.task_id = $2 and t.attempt = $4 and t.state in ('input-required', 'auth-required')
      returning ${taskColumns}`,
    values: [uuidOf(tenantId), uuidOf(taskId), uuidOf(nodeId), expectedAttempt],
  };
}

/** Writes a cancel request on a task that a node works on. */
export function requestCancel(viewer: TaskViewer, taskId: TaskId): Statement {
  return {
    name: 'request-cancel',
    text: `
      update colloquy.tasks t set cancel_requested_at = coalesce(t.cancel_requested_at, colloquy.now_utc())
      where t.tenant_id = $1 and t.task_id = $2 and t.state in ('submitted', 'working')
        -- Visible to its owner, at the address it was sent to. Neither condition leads a plan into an index: the key finds the task.
        and t.owner_id is not distinct from $3
        and (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = $4`,
    values: [uuidOf(viewer.tenantId), uuidOf(taskId), viewer.ownerId, viewer.agentName],
  };
}
