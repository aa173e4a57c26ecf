import { limits } from '../../../kernel/limits.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { agentsAtAddress, pageCondition, pageValues } from './page-filters.ts';

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
