import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewPushSubscription } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { subscriptionValues } from './upsert-subscription.ts';

export interface RepeatedRow {
  readonly is_known: boolean;
  readonly is_kept: boolean;
  readonly is_stored: boolean;
}

/**
 * Inserts the subscription of a repeated send with its audit entry, as `upsertSubscription` does, but never in place of another: `is_kept` when
 * the task has one of this name or URL, or had it and its owner deleted it.
 */
export function insertRepeatedSubscription(
  subscription: NewPushSubscription,
  entry: NewAuditEntry,
  isNamed: boolean,
): Statement<RepeatedRow> {
  return {
    name: 'insert-repeated-subscription',
    text,
    values: [...subscriptionValues(subscription, entry), isNamed],
  };
}

const text = `
with target as materialized (
  select t.tenant_id, t.task_id, t.created_at, t.last_seq, t.state in ('completed', 'failed', 'canceled', 'rejected') as has_ended
  from colloquy.tasks t
  where t.tenant_id = $1 and t.task_id = $2
),
kept as materialized (
  select exists (
    select from colloquy.push_subscriptions s
    where s.tenant_id = $1 and s.task_id = $2 and (s.subscription_id = $3 or s.url = $5)
  ) or exists (
    -- The entry of a deletion outlives the key of the send. The time only bounds the search, whatever the clocks say. A name that the
    -- platform made says nothing of the URL, so each deletion of one counts for a config without a name.
    select from target t
    join colloquy.audit_entries e on e.tenant_id = t.tenant_id and e.action = 'push-subscription.deleted'
      and e.occurred_at > t.created_at - interval '1 day'
    where e.resource = $18 and (e.facts ->> 'config' = $4 or not $21::boolean and e.facts ->> 'config' like 'psh\\_%')
  ) as is_kept
),
others as materialized (
  select
    (select count(*) from colloquy.push_subscriptions s where s.tenant_id = $1 and s.task_id = $2) as of_task,
    (select count(*) from (
      select from colloquy.push_subscriptions s where s.is_active and s.tenant_id = $1 limit $13
    ) followed) as of_tenant
),
stored as (
  insert into colloquy.push_subscriptions (tenant_id, task_id, subscription_id, config_id, url, origin, protocol_version,
    token_sealed, credentials_scheme, credentials_sealed, created_by, sent_seq, ended, is_active)
  select t.tenant_id, t.task_id, $3, $4, $5, $6, $7, $8::bytea, $9, $10::bytea, $11, t.last_seq,
    case when t.has_ended then 'done' end, not t.has_ended
  from target t, kept k, others o where not k.is_kept and o.of_task < $12 and (t.has_ended or o.of_tenant < $13)
  on conflict (tenant_id, task_id, subscription_id) do nothing
  returning tenant_id
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select s.tenant_id, $14, $15, $16, $17, $18, $19, $20 from stored s
  on conflict (tenant_id, entry_id) do nothing
)
select exists (select from target) as is_known, (select k.is_kept from kept k) as is_kept, exists (select from stored) as is_stored`;
