import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { pageCondition, pageValues } from './page-filters.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** A page of the owner's tasks at one agent, newest status first. */
export function listTasks(viewer: TaskViewer, query: TaskPageQuery): Statement<TaskColumns> {
  return {
    name: 'list-tasks',
    text: `
      select ${taskColumns} from colloquy.tasks t
      where ${pageCondition} and ($8::timestamptz is null or (t.status_at, t.task_id) < ($8, $9::uuid))
      order by t.status_at desc, t.task_id desc limit $10`,
    values: [
      ...pageValues(viewer, query),
      query.after === null ? null : new Date(query.after.statusAtMs),
      query.after === null ? null : uuidOf(query.after.taskId),
      query.limit,
    ],
  };
}
