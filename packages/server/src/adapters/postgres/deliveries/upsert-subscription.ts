import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewPushSubscription } from '../../../modules/tasks/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

export interface UpsertedRow {
  readonly is_known: boolean;
  readonly is_stored: boolean;
}

/**
 * Inserts a subscription with its audit entry, unless the task or the tenant has its maximum. It replaces
 * one of the same name, and gets the events after the current end of the log; none of a task that has ended.
 */
export function upsertSubscription(subscription: NewPushSubscription, entry: NewAuditEntry): Statement<UpsertedRow> {
  return {
    name: 'upsert-subscription',
    text,
    values: subscriptionValues(subscription, entry),
  };
}

/** The first twenty parameters of a statement that stores one subscription: its columns, the bounds, and the audit entry. */
export function subscriptionValues(subscription: NewPushSubscription, entry: NewAuditEntry): readonly unknown[] {
  return [
    uuidOf(subscription.tenantId),
    uuidOf(subscription.taskId),
    subscription.subscriptionId,
    subscription.configId,
    subscription.url,
    subscription.origin,
    subscription.protocolVersion,
    subscription.tokenSealed,
    subscription.credentialsScheme,
    subscription.credentialsSealed,
    subscription.createdBy,
    limits.pushSubscriptionsPerTaskMax,
    limits.pushSubscriptionsPerTenantMax,
    ...auditEntryValues(entry),
  ];
}

const text = `
with target as materialized (
  select t.tenant_id, t.task_id, t.last_seq, t.state in ('completed', 'failed', 'canceled', 'rejected') as has_ended
  from colloquy.tasks t
  where t.tenant_id = $1 and t.task_id = $2
),
others as materialized (
  select
    (select count(*) from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id <> $3) as of_task,
    (select count(*) from (
      select from colloquy.push_subscriptions s where s.is_active and s.tenant_id = $1 limit $13
    ) followed) as of_tenant
),
stored as (
  insert into colloquy.push_subscriptions as s (tenant_id, task_id, subscription_id, config_id, url, origin, protocol_version,
    token_sealed, credentials_scheme, credentials_sealed, created_by, sent_seq, ended, is_active)
  select t.tenant_id, t.task_id, $3, $4, $5, $6, $7, $8::bytea, $9, $10::bytea, $11, t.last_seq,
    case when t.has_ended then 'done' end, not t.has_ended
  from target t, others o where o.of_task < $12 and (t.has_ended or o.of_tenant < $13)
  on conflict (tenant_id, task_id, subscription_id) do update
  set url = excluded.url, origin = excluded.origin, protocol_version = excluded.protocol_version,
    token_sealed = excluded.token_sealed, credentials_scheme = excluded.credentials_scheme,
    credentials_sealed = excluded.credentials_sealed, created_by = excluded.created_by,
    -- What was due at the old address is due at the new one; a receiver that was gone begins anew.
    sent_seq = case when s.ended = 'gone' then excluded.sent_seq else s.sent_seq end,
    ended = case when s.ended = 'gone' then excluded.ended else s.ended end,
    is_active = s.has_replays or (case when s.ended = 'gone' then excluded.ended else s.ended end) is null,
    verified_at = null, is_failing = false, due_at = colloquy.now_utc(),
    lease_id = null, lease_node_id = null, lease_until = null
  returning s.tenant_id
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select s.tenant_id, $14, $15, $16, $17, $18, $19, $20 from stored s
  on conflict (tenant_id, entry_id) do nothing
)
select exists (select from target) as is_known, exists (select from stored) as is_stored`;
