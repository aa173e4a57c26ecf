import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { stateName, taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** With it the first page is a place like any other, so that one plan finds every page by the index. */
const uuidMax = 'f'.repeat(32);

/** A page of the owner's tasks at one address, newest status first. */
export function listTasks(viewer: TaskViewer, query: TaskPageQuery): Statement<TaskColumns> {
  return {
    name: 'list-tasks',
    text: `
      select ${taskColumns} from ${agentsAtAddress} cross join lateral (
        select * from colloquy.tasks t
        where ${pageCondition} and (t.status_at, t.task_id) < ($8::timestamptz, $9::uuid)
        order by t.status_at desc, t.task_id desc limit $10
      ) t
      order by t.status_at desc, t.task_id desc limit $10`,
    values: [
      ...pageValues(viewer, query),
      query.after === null ? 'infinity' : new Date(query.after.statusAtMs),
      query.after === null ? uuidMax : uuidOf(query.after.taskId),
      query.limit,
    ],
  };
}

/** How many tasks the list holds, counted up to `limits.listTotalMax`, the newest first: their pages are in memory. */
export function countTasks(viewer: TaskViewer, query: TaskPageQuery): Statement<{ readonly total: number }> {
  return {
    name: 'count-tasks',
    text: `
      select count(*)::int as total from (
        select from ${agentsAtAddress} cross join lateral (
          select from colloquy.tasks t where ${pageCondition} order by t.status_at desc, t.task_id desc limit $8
        ) t limit $8
      ) t`,
    values: [...pageValues(viewer, query), limits.listTotalMax],
  };
}

/** Every agent that has, or had, the name of the address ($3). Each one's tasks are found by the index. */
const agentsAtAddress = `(select a.agent_id from colloquy.agents a where a.tenant_id = $1 and a.name = $3) a`;

/** The condition on the tasks of one such agent that lists and counts share: $1 to $7. */
const pageCondition = `t.tenant_id = $1 and t.owner_id = $2 and t.agent_id = a.agent_id
  and ($4::text is null or t.context_id = $4) and ($5::text is null or t.state = $5)
  and ($6::timestamptz is null or t.status_at >= $6) and t.status_at <= $7`;

function pageValues(viewer: TaskViewer, query: TaskPageQuery): readonly unknown[] {
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
