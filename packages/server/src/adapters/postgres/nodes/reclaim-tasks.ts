import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import type { ClaimedTask } from './claimed-task.ts';

/** Claims tasks of a node anew for the same node: the next fencing number voids whatever was begun under the last. */
export function reclaimTasks(nodeId: NodeId, taskIds: readonly TaskId[]): Statement<ClaimedTask> {
  return {
    name: 'reclaim-tasks',
    text: `
      with mine as (
        select tenant_id, task_id from colloquy.tasks
        where node_id = $1 and task_id = any ($2::uuid[]) order by task_id for update skip locked
      )
      update colloquy.tasks t set attempt = t.attempt + 1
      from mine m where t.tenant_id = m.tenant_id and t.task_id = m.task_id
      returning t.tenant_id, t.task_id, t.attempt, t.takeovers`,
    values: [uuidOf(nodeId), taskIds.map(uuidOf)],
  };
}
