import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { AnswerColumns } from './shared-read.ts';
import { taskColumns } from './task-columns.ts';
import type { TaskColumns } from './task-columns.ts';

/** A task that is to be worked on. */
export interface TaskOfTenant {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
}

/** Tasks for whoever goes on with their work, whoever owns them. Only the key leads into the table. */
export function findTasksForWork(
  tenantId: TenantId,
  wanted: readonly TaskOfTenant[],
): Statement<TaskColumns & AnswerColumns> {
  return {
    name: 'find-tasks-for-work',
    text: `
      select p.n::int as n, ${taskColumns}
      from unnest($2::uuid[]) with ordinality as p (task_id, n)
      cross join lateral (
        select * from colloquy.tasks t where t.tenant_id = $1 and t.task_id = p.task_id limit 1
      ) t`,
    values: [uuidOf(tenantId), plainArray(wanted.map(({ taskId }) => uuidOf(taskId)))],
  };
}
