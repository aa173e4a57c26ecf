import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/**
 * Takes tasks of dead nodes under a new lease, with the next fencing number each, in the order every batch locks them. A taker
 * that is unknown or dead itself gets none.
 */
export function claimTasksOfTheDead(
  nodeId: NodeId,
  limit: number,
): Statement<{ readonly tenant_id: string; readonly task_id: string; readonly attempt: number }> {
  return {
    name: 'claim-tasks-of-the-dead',
    text: `
      with orphaned as (
        select t.tenant_id, t.task_id from colloquy.tasks t
        join colloquy.nodes n on n.node_id = t.node_id and n.dead_at is not null
        where exists (select from colloquy.nodes taker where taker.node_id = $1 and taker.dead_at is null)
        order by t.task_id limit $2 for update of t skip locked
      )
      update colloquy.tasks t set node_id = $1, attempt = t.attempt + 1
      from orphaned o where t.tenant_id = o.tenant_id and t.task_id = o.task_id
      returning t.tenant_id, t.task_id, t.attempt`,
    values: [uuidOf(nodeId), limit],
  };
}
