import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import type { ClaimedTask } from './claimed-task.ts';

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
