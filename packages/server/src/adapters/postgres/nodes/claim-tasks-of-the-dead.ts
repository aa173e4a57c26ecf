import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId } from '../../../kernel/ids.ts';
import type { TakenTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Takes tasks of dead nodes under a new lease, with the next fencing number each, in the order every batch locks them. A taker
 * that is unknown or dead itself gets none. A node that left in good order did not die of its tasks.
 */
export function claimTasksOfTheDead(nodeId: NodeId, limit: number): Statement<ClaimedTask> {
  return {
    name: 'claim-tasks-of-the-dead',
    text: `
      with orphaned as (
        select t.tenant_id, t.task_id, n.retired from colloquy.tasks t
        join colloquy.nodes n on n.node_id = t.node_id and n.dead_at is not null
        where exists (select from colloquy.nodes taker where taker.node_id = $1 and taker.dead_at is null)
        order by t.task_id limit $2 for update of t skip locked
      )
      update colloquy.tasks t set node_id = $1, attempt = t.attempt + 1, takeovers = t.takeovers + (not o.retired)::int
      from orphaned o where t.tenant_id = o.tenant_id and t.task_id = o.task_id
      returning t.tenant_id, t.task_id, t.attempt, t.takeovers`,
    values: [uuidOf(nodeId), limit],
  };
}

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

/** What a claim answers of each task. */
interface ClaimedTask {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly attempt: number;
  readonly takeovers: number;
}

export function takenTaskOf({ tenant_id, task_id, attempt, takeovers }: ClaimedTask): TakenTask {
  return { tenantId: idOf('tnt', tenant_id), taskId: idOf('tsk', task_id), attempt, takeovers };
}
