import { uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface ReplayedRow {
  readonly is_known: boolean;
  readonly is_queued: boolean;
}

/** Queues a settled delivery anew and wakes its subscription, with an audit entry. One that is under way is left alone. */
export function replayDelivery(
  tenantId: TenantId,
  deliveryId: DeliveryId,
  entry: NewAuditEntry,
): Statement<ReplayedRow> {
  return {
    name: 'replay-delivery',
    text,
    values: [uuidOf(tenantId), uuidOf(deliveryId), ...auditEntryValues(entry)],
  };
}

// The subscription first: whoever records a try locks it before its deliveries.
const text = `
with known as materialized (
  select s.tenant_id, s.task_id, s.subscription_id, d.seq
  from colloquy.deliveries d
  join colloquy.push_subscriptions s
    on s.tenant_id = d.tenant_id and s.task_id = d.task_id and s.subscription_id = d.subscription_id
  where d.tenant_id = $1 and d.delivery_id = $2
  for update of s
),
queued as (
  update colloquy.deliveries d set state = 'replaying', attempts = 0
  from known k
  where d.tenant_id = k.tenant_id and d.task_id = k.task_id and d.subscription_id = k.subscription_id and d.seq = k.seq
    and d.state in ('delivered', 'dead')
  returning d.tenant_id, d.task_id, d.subscription_id
),
woken as (
  update colloquy.push_subscriptions s set has_replays = true, is_active = true, due_at = colloquy.now_utc()
  from queued q
  where s.tenant_id = q.tenant_id and s.task_id = q.task_id and s.subscription_id = q.subscription_id
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select q.tenant_id, $3, $4, $5, $6, $7, $8, $9 from queued q
  on conflict (tenant_id, entry_id) do nothing
)
select exists (select from known) as is_known, exists (select from queued) as is_queued`;
