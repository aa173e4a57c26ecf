import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskRow } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** The agent's own ids of some tasks of one owner at it. Only the key leads into the table, as in `isVisible`. */
export function findUpstreamIds(
  { tenantId, ownerId, agentId }: Pick<TaskRow, 'tenantId' | 'ownerId' | 'agentId'>,
  taskIds: readonly TaskId[],
): Statement<{ readonly task_id: string; readonly upstream_task_id: string }> {
  return {
    name: 'find-upstream-ids',
    text: `
      select t.task_id, t.upstream_task_id from colloquy.tasks t
      where t.tenant_id = $1 and t.task_id = any ($2::uuid[]) and t.owner_id is not distinct from $3
        and coalesce(t.served_by, t.agent_id) is not distinct from $4 and t.upstream_task_id is not null`,
    values: [uuidOf(tenantId), taskIds.map(uuidOf), ownerId, uuidOf(agentId)],
  };
}
