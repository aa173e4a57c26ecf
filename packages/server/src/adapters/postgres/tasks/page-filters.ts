import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import { stateName } from './task-state-names.ts';

/** Every agent that has, or had, the name of the address ($3). Each one's tasks are found by the index. */
export const agentsAtAddress = `(select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3) a`;

/** The condition on the tasks of one such agent that lists and counts share: $1 to $7. */
export const pageCondition = `t.tenant_id = $1 and t.owner_id = $2 and t.agent_id = a.agent_id
  and ($4::text is null or t.context_id = $4) and ($5::text is null or t.state = $5)
  and ($6::timestamptz is null or t.status_at >= $6) and t.status_at <= $7`;

export function pageValues(viewer: TaskViewer, query: TaskPageQuery): readonly unknown[] {
  return [
    uuidOf(viewer.tenantId),
    viewer.ownerId,
    viewer.agentName,
    query.contextId,
    query.state === null ? null : stateName(query.state),
    query.statusAtFromMs === null ? null : new Date(query.statusAtFromMs),
    new Date(query.statusAtUntilMs),
  ];
}
