import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { EventRecord, EventSinkClaim } from '../../../modules/events/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Writes the result of one attempt: moves the sink's place in the outbox, keeps an event that failed every attempt, and renews or releases the claim;
 * nothing when another node holds the claim by now. Repeated after a commit without an answer, it finds the claim released or changes nothing.
 */
export function recordEventDelivery(claim: EventSinkClaim, record: EventRecord): Statement {
  const { event, next } = record;
  return {
    name: 'record-event-delivery',
    text,
    values: [
      uuidOf(claim.tenantId),
      claim.name,
      claim.leaseId,
      record.outcome,
      record.attempts,
      record.status,
      record.reason,
      record.sentSeq,
      next.kind === 'go-on',
      next.kind === 'release' ? next.delayMs : 0,
      limits.deliveryLeaseMs,
      event.isReplay,
      event.seq,
      uuidOf(event.eventId),
      event.type,
      event.subject,
      event.time,
      event.dataJson,
    ],
  };
}

const text = `
with held as (
  update colloquy.event_sinks s
  set sent_seq = greatest(s.sent_seq, $8::bigint),
    attempts = case when $12 then s.attempts when $4 in ('retrying', 'gone') then $5 else 0 end,
    has_replays = s.has_replays and exists (
      select from colloquy.event_dead_letters d
      where d.tenant_id = $1 and d.sink_name = $2 and d.is_replaying and not ($12 and d.seq = $13 and $4 <> 'gone')),
    gone_at = case when $4 = 'gone' then colloquy.now_utc() end,
    last_status = $6, last_reason = $7, last_attempt_at = colloquy.now_utc(),
    delivered_at = case when $4 = 'delivered' then colloquy.now_utc() else s.delivered_at end,
    due_at = case when $9 then s.due_at else colloquy.now_utc() + $10::float8 * interval '1 millisecond' end,
    lease_id = case when $9 then s.lease_id end,
    lease_node_id = case when $9 then s.lease_node_id end,
    lease_until = case when $9 then colloquy.now_utc() + $11::float8 * interval '1 millisecond' end
  where s.tenant_id = $1 and s.name = $2 and s.lease_id = $3
  returning s.tenant_id, s.name
),
dead as (
  insert into colloquy.event_dead_letters
    (tenant_id, sink_name, seq, event_id, type, subject, occurred_at, data, attempts, last_status, last_reason)
  select h.tenant_id, h.name, $13, $14, $15, $16, $17, $18::jsonb, $5, $6, $7 from held h where $4 = 'dead' and not $12
  on conflict (tenant_id, sink_name, seq) do nothing
),
failed_again as (
  update colloquy.event_dead_letters d set is_replaying = false, attempts = $5, last_status = $6, last_reason = $7
  from held h where d.tenant_id = h.tenant_id and d.sink_name = h.name and d.seq = $13 and $12 and $4 = 'dead'
),
replayed as (
  delete from colloquy.event_dead_letters d using held h
  where d.tenant_id = h.tenant_id and d.sink_name = h.name and d.seq = $13 and $12 and $4 = 'delivered'
)
select true as is_held from held`;
