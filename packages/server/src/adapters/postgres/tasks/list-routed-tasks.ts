import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { routedCondition, routedValues } from './routed-page.ts';
import { taskColumns } from './task-columns.ts';
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
