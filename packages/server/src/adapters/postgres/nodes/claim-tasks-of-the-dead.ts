import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId } from '../../../kernel/ids.ts';
import type { TakenTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Claims tasks of dead nodes with the next attempt each, in the order in which every batch locks them. A claiming node that is unknown or dead itself
 * gets none. A node that retired in good order did not die of its tasks, so its tasks count no takeover.
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

/** Claims tasks of a node again for the same node: the next attempt voids everything that was begun under the last. */
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

/** A claimed task. */
interface ClaimedTask {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly attempt: number;
  readonly takeovers: number;
}

export function takenTaskOf({ tenant_id, task_id, attempt, takeovers }: ClaimedTask): TakenTask {
  return { tenantId: idOf('tnt', tenant_id), taskId: idOf('tsk', task_id), attempt, takeovers };
}
