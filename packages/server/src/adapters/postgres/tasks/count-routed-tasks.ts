import { limits } from '../../../kernel/limits.ts';
import type { TaskPageQuery, TaskViewer } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { routedCondition, routedValues } from './routed-page.ts';

/** How many tasks came by the router, counted up to `limits.listTotalMax`. */
export function countRoutedTasks(viewer: TaskViewer, query: TaskPageQuery): Statement<{ readonly total: number }> {
  return {
    name: 'count-routed-tasks',
    text: `
      select count(*)::int as total from (select from colloquy.tasks t where ${routedCondition} limit $8) t`,
    values: [...routedValues(viewer, query), limits.listTotalMax],
  };
}
