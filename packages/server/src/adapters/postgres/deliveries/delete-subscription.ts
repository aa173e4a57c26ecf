import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

/** Removes a subscription to a task, its deliveries with it, and says so in the audit log. */
export function deleteSubscription(
  tenantId: TenantId,
  taskId: TaskId,
  subscriptionId: string,
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'delete-subscription',
    text: `
      with removed as (
        delete from colloquy.push_subscriptions s
        where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3
        returning s.tenant_id
      )
      insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
      select r.tenant_id, $4, $5, $6, $7, $8, $9, $10 from removed r
      on conflict (tenant_id, entry_id) do nothing`,
    values: [uuidOf(tenantId), uuidOf(taskId), subscriptionId, ...auditEntryValues(entry)],
  };
}
