import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { deadLetterColumns, deadLetterJoins } from './dead-letter-columns.ts';
import type { DeadLetterRow } from './dead-letter-columns.ts';

export interface FoundDeadLetterRow extends DeadLetterRow {
  readonly turns: number;
  readonly is_sender_stopped: boolean;
}

/** One dead letter of a tenant, how often its sender spoke after the first message, and whether that one is stopped. */
export function findDeadLetter(tenantId: TenantId, taskId: TaskId): Statement<FoundDeadLetterRow> {
  return {
    name: 'find-dead-letter',
    text: `
      select ${deadLetterColumns}, (select count(*)::int from colloquy.task_events e
        where e.tenant_id = t.tenant_id and e.task_id = t.task_id and e.kind = 'turn') as turns,
        exists (select from colloquy.stops x where x.tenant_id = t.tenant_id and x.kind = 'principal' and x.name = t.owner_id
          and x.resumed_at is null) as is_sender_stopped
      from colloquy.tasks t ${deadLetterJoins}
      where t.tenant_id = $1 and t.task_id = $2 and t.dead_at is not null`,
    values: [uuidOf(tenantId), uuidOf(taskId)],
  };
}
