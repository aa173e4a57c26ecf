import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { agentsAtAddress, pageCondition, pageValues } from './page-filters.ts';
import { taskColumns } from './task-columns.ts';
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
