import { uuidOf } from '../../../kernel/ids.ts';
import type { SuspendedTarget } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Writes the wish to cancel at every task of a stopped target that is under work, in the order every batch locks them. */
export function cancelSuspendedTasks({
  tenantId,
  kind,
  name,
}: SuspendedTarget): Statement<{ readonly task_id: string }> {
  return {
    name: 'cancel-stopped-tasks',
    text: `
      with stopped as (
        select t.task_id from colloquy.tasks t
        where t.tenant_id = $1 and t.node_id is not null and t.cancel_requested_at is null
          and ($2 = 'tenant' or $2 = 'principal' and t.owner_id = $3 or $2 = 'agent' and t.agent_id in (
            select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3))
        order by t.task_id for update
      )
      update colloquy.tasks t set cancel_requested_at = colloquy.now_utc()
      from stopped s where t.tenant_id = $1 and t.task_id = s.task_id
      returning t.task_id`,
    values: [uuidOf(tenantId), kind, name],
  };
}
