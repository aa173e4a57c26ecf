import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { stateName, taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

const uuidMax = 'f'.repeat(32);

/** A page of the owner's tasks that came by the router, newest status first. */
export function listRoutedTasks(viewer: TaskViewer, query: TaskPageQuery): Statement<TaskColumns> {
  return {
    name: 'list-routed-tasks',
    text: `
      select ${taskColumns} from colloquy.tasks t
      where ${routedCondition} and (t.status_at, t.task_id) < ($8::timestamptz, $9::uuid)
      order by t.status_at desc, t.task_id desc limit $10`,
    values: [
      ...routedValues(viewer, query),
      query.after === null ? 'infinity' : new Date(query.after.statusAtMs),
      query.after === null ? uuidMax : uuidOf(query.after.taskId),
      query.limit,
    ],
  };
}

/** How many tasks came by the router, counted up to `limits.listTotalMax`. */
export function countRoutedTasks(viewer: TaskViewer, query: TaskPageQuery): Statement<{ readonly total: number }> {
  return {
    name: 'count-routed-tasks',
    text: `
      select count(*)::int as total from (select from colloquy.tasks t where ${routedCondition} limit $8) t`,
    values: [...routedValues(viewer, query), limits.listTotalMax],
  };
}

/** The condition on the tasks that came by the router, which lists and counts share: $1 to $7. The last line is that of the index. */
const routedCondition = `t.tenant_id = $1 and t.owner_id = $2
  and ($3::text[] is null or (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = any ($3))
  and ($4::text is null or t.context_id = $4) and ($5::text is null or t.state = $5)
  and ($6::timestamptz is null or t.status_at >= $6) and t.status_at <= $7
  and t.decision ? 'router'`;

function routedValues(viewer: TaskViewer, query: TaskPageQuery): readonly unknown[] {
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
