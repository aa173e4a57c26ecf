import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** How many were asked to do a task, the first among them. */
export function countAttempts(tenantId: TenantId, taskId: TaskId): Statement<{ readonly tries: number }> {
  return {
    name: 'count-tries',
    text: `select coalesce(max(try), 1) as tries from colloquy.task_tries where tenant_id = $1 and task_id = $2`,
    values: [uuidOf(tenantId), uuidOf(taskId)],
  };
}
