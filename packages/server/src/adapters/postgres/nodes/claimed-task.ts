import { idOf } from '../../../kernel/ids.ts';
import type { TakenTask } from '../../../modules/tasks/index.ts';

/** What a claim answers of each task. */
export interface ClaimedTask {
  readonly tenant_id: string;
  readonly task_id: string;
  readonly attempt: number;
  readonly takeovers: number;
}

export function takenTaskOf({ tenant_id, task_id, attempt, takeovers }: ClaimedTask): TakenTask {
  return { tenantId: idOf('tnt', tenant_id), taskId: idOf('tsk', task_id), attempt, takeovers };
}
