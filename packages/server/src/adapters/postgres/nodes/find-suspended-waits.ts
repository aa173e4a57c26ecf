import { uuidOf } from '../../../kernel/ids.ts';
import type { SuspendedTarget } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';

/** Tasks of a stopped target that wait for their callers or for a slot, longest first. */
export function findSuspendedWaits(
  { tenantId, kind, name }: SuspendedTarget,
  limit: number,
): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-stopped-waits',
    text: `
      select t.task_id from colloquy.tasks t
      where t.tenant_id = $1 and (t.waiting_since is not null or t.queue_rank is not null)
        and ($2 = 'tenant' or $2 = 'principal' and t.owner_id = $3 or $2 = 'agent' and t.agent_id in (
          select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3))
      order by coalesce(t.waiting_since, t.queue_rank) limit $4`,
    values: [uuidOf(tenantId), kind, name, limit],
  };
}
