import { uuidOf } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/**
 * Says who had a dead letter sent again, in the transaction that records the task for it and after the statement that does so: what is
 * refused there was not replayed. Written again, it changes nothing.
 */
export function insertReplayEntry({ tenantId, taskId }: NewTask, entry: NewAuditEntry): Statement {
  return {
    name: 'insert-replay-entry',
    text,
    values: [uuidOf(tenantId), ...auditEntryValues(entry), uuidOf(taskId)],
  };
}

const text = `
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select $1, $2, $3, $4, $5, $6, $7, $8
where exists (select from colloquy.tasks t where t.tenant_id = $1 and t.task_id = $9)
on conflict (tenant_id, entry_id) do nothing`;
