import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface TaskDigestRow {
  readonly task_id: string;
  /** Null: nothing of this kind. */
  readonly input_digest: Buffer | null;
  readonly output_digest: Buffer | null;
}

/** SHA-256 over what each task was given and what it answered; the content stays in the database. No row for a task without a log. */
export function digestTasks(
  tasks: readonly { readonly tenantId: TenantId; readonly taskId: TaskId }[],
): Statement<TaskDigestRow> {
  return {
    name: 'digest-tasks',
    text: 'select task_id, input_digest, output_digest from colloquy.digest_tasks($1::uuid[], $2::uuid[])',
    values: [
      plainArray(tasks.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(tasks.map(({ taskId }) => uuidOf(taskId))),
    ],
  };
}
