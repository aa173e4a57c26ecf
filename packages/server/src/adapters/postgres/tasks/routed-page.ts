import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import { stateName } from './task-state-names.ts';

/** The condition on the tasks that came by the router, which lists and counts share: $1 to $7. The last line is that of the index. */
export const routedCondition = `t.tenant_id = $1 and t.owner_id = $2
  and ($3::text[] is null or (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = any ($3))
  and ($4::text is null or t.context_id = $4) and ($5::text is null or t.state = $5)
  and ($6::timestamptz is null or t.status_at >= $6) and t.status_at <= $7
  and t.decision ? 'router'`;

export function routedValues(viewer: TaskViewer, query: TaskPageQuery): readonly unknown[] {
  return [
    uuidOf(viewer.tenantId),
    viewer.ownerId,
    viewer.reach ?? null,
    query.contextId,
    query.state === null ? null : stateName(query.state),
    query.statusAtFromMs === null ? null : new Date(query.statusAtFromMs),
    new Date(query.statusAtUntilMs),
  ];
}
