import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** Takes a waiting task under a lease, and without a slot, to cancel it; if the taker dies, the reaper finds the wish beside it. */
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
