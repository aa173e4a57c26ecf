import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DeliveryClaim, DeliveryRecord } from '../../../modules/deliveries/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Writes the result of one attempt, advances the subscription's place in the log, and renews or releases the claim; nothing when another
 * node holds the claim by now. Repeated after a commit without an answer, it finds the claim released or changes nothing.
 */
export function recordDelivery(claim: DeliveryClaim, record: DeliveryRecord): Statement<{ readonly seq: number }> {
  const { event, next } = record;
  return {
    name: 'record-delivery',
    text,
    values: [
      uuidOf(claim.tenantId),
      uuidOf(claim.taskId),
      claim.subscriptionId,
      claim.leaseId,
      event.seq,
      uuidOf(record.deliveryId),
      record.state,
      record.attempts,
      record.status,
      record.reason,
      record.sentSeq,
      record.endsSubscription,
      record.isVerified,
      next.kind === 'go-on',
      next.kind === 'release' ? next.delayMs : 0,
      limits.deliveryLeaseMs,
      event.isReplay,
    ],
  };
}

const text = `
with place as materialized (
  select s.tenant_id, s.task_id, s.subscription_id, greatest(s.sent_seq, $11::int) as sent_seq,
    case
      when $12 then 'gone'
      when s.ended is not null then s.ended
      when t.state in ('completed', 'failed', 'canceled', 'rejected') and t.last_seq <= greatest(s.sent_seq, $11::int) then 'done'
    end as ended,
    exists (
      select from colloquy.deliveries d
      where d.tenant_id = $1 and d.task_id = $2 and d.subscription_id = $3 and d.state = 'replaying' and d.seq <> $5
    ) as has_replays
  from colloquy.push_subscriptions s
  join colloquy.tasks t on t.tenant_id = s.tenant_id and t.task_id = s.task_id
  where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3
),
held as (
  update colloquy.push_subscriptions s
  set sent_seq = p.sent_seq, ended = p.ended, has_replays = p.has_replays, is_active = p.ended is null or p.has_replays,
    is_failing = case when $17 or $7 = 'retrying' then s.is_failing else $7 = 'dead' end,
    verified_at = case when $13 then coalesce(s.verified_at, colloquy.now_utc()) else s.verified_at end,
    due_at = case when $14 then s.due_at else colloquy.now_utc() + $15 * interval '1 millisecond' end,
    lease_id = case when $14 then s.lease_id end,
    lease_node_id = case when $14 then s.lease_node_id end,
    lease_until = case when $14 then colloquy.now_utc() + $16 * interval '1 millisecond' end
  from place p
  where s.tenant_id = p.tenant_id and s.task_id = p.task_id and s.subscription_id = p.subscription_id and s.lease_id = $4
  returning s.tenant_id, s.task_id, s.subscription_id
)
insert into colloquy.deliveries as d (tenant_id, task_id, subscription_id, seq, delivery_id, state, attempts, last_status, last_reason)
select h.tenant_id, h.task_id, h.subscription_id, $5, $6, $7, $8, $9, $10 from held h
on conflict (tenant_id, task_id, subscription_id, seq) do update
set state = excluded.state, attempts = excluded.attempts, last_status = excluded.last_status,
  last_reason = excluded.last_reason, last_attempt_at = colloquy.now_utc()
returning d.seq`;
