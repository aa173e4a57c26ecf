import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Locks these tasks in one order, after the wallets and before they are written, in every kind of batch. */
export function lockTasks(tasks: readonly { readonly tenantId: TenantId; readonly taskId: TaskId }[]): Statement {
  return {
    name: 'lock-tasks',
    text: `
      select from colloquy.tasks t
      join unnest($1::uuid[], $2::uuid[]) as i (tenant_id, task_id) on t.tenant_id = i.tenant_id and t.task_id = i.task_id
      order by t.task_id for update of t`,
    values: [tasks.map(({ tenantId }) => uuidOf(tenantId)), tasks.map(({ taskId }) => uuidOf(taskId))],
  };
}
