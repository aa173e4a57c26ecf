import { uuidOf } from '../../../kernel/ids.ts';
import type { ContinueTask, TaskQueueing } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import { stateName } from './task-columns.ts';

/** Claims a waiting task for a further message, and records the message's events and idempotency key, if the task has not changed. */
export function continueTask(further: ContinueTask): Statement<{ readonly task_id: string }> {
  const { viewer, taskId, events } = further;
  return {
    name: 'continue-task',
    text,
    values: [
      uuidOf(viewer.tenantId),
      uuidOf(taskId),
      viewer.ownerId,
      viewer.agentName,
      uuidOf(further.nodeId),
      further.expectedSeq,
      further.expectedAttempt,
      stateName(further.state),
      new Date(further.statusAtMs),
      events.map(({ kind }) => kind),
      events.map(({ json }) => json),
      further.keyHash,
      further.fingerprint,
    ],
  };
}

/**
 * As `continueTask`, for an agent with a concurrency limit: the message takes a slot if one is free and no task waits, and else waits in the
 * queue. The slots are locked by the statement before.
 */
export function continueWithSlots(
  further: ContinueTask,
  { delayMs, deadlineAtMs }: TaskQueueing,
): Statement<{ readonly task_id: string; readonly is_queued: boolean }> {
  const { values } = continueTask(further);
  const deadlineAt = deadlineAtMs === null ? null : new Date(deadlineAtMs);
  return { name: 'continue-in-turn', text: withSlotsText, values: [...values, delayMs, deadlineAt] };
}

const text = `
with moved as (
  update colloquy.tasks t
  set state = $8, status_at = $9, node_id = $5, attempt = t.attempt + 1, last_seq = t.last_seq + cardinality($10::text[]),
    -- A further message withdraws an earlier cancel request.
    cancel_requested_at = null, waiting_since = null, next_look_at = null, takeovers = 0, slot_keys = null
  where t.tenant_id = $1 and t.task_id = $2
    -- Visible to its owner, at the address it was sent to. Neither condition leads a plan into an index: the key finds the task.
    and t.owner_id is not distinct from $3
    and (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = $4
    and t.last_seq = $6 and t.attempt = $7 and t.state in ('input-required', 'auth-required')
  returning t.tenant_id, t.task_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, $6::int + e.ord, e.kind, e.payload
  from moved m cross join unnest($10::text[], $11::text[]) with ordinality as e (kind, payload, ord)
),
keyed as (
  insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id)
  select m.tenant_id, $12::uuid, $13::uuid, m.task_id from moved m
)
select task_id from moved`;

const withSlotsText = `
with seen as materialized (
  select t.tenant_id, t.task_id, t.agent_id,
    nullif(array_remove(array[case when sa.slots_max is not null then t.agent_id end,
      case when si.slots_max is not null then t.instance_id end], null), '{}') as slot_keys,
    not (coalesce(sa.queued, 0) = 0
      and (sa.slots_max is null or sa.in_use < sa.slots_max)
      and (si.slots_max is null or si.in_use < si.slots_max)) as is_queued
  from colloquy.tasks t
  left join colloquy.slots sa on sa.tenant_id = t.tenant_id and sa.key_id = t.agent_id
  left join colloquy.slots si on si.tenant_id = t.tenant_id and si.key_id = t.instance_id
  where t.tenant_id = $1 and t.task_id = $2
    -- Visible to its owner, at the address it was sent to. Neither condition leads a plan into an index: the key finds the task.
    and t.owner_id is not distinct from $3
    and (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = $4
),
moved as (
  update colloquy.tasks t
  set state = $8, status_at = $9, node_id = case when not s.is_queued then $5::uuid end,
    attempt = t.attempt + (not s.is_queued)::int, last_seq = t.last_seq + cardinality($10::text[]),
    slot_keys = case when not s.is_queued then s.slot_keys end, queue_delay_ms = $14, deadline_at = $15,
    queue_rank = case when s.is_queued then colloquy.now_utc() + $14::int * interval '1 millisecond' end,
    queued_at = case when s.is_queued then colloquy.now_utc() end, tries = (not s.is_queued)::int,
    cancel_requested_at = null, waiting_since = null, next_look_at = null, takeovers = 0
  from seen s
  where t.tenant_id = s.tenant_id and t.task_id = s.task_id
    and t.last_seq = $6 and t.attempt = $7 and t.state in ('input-required', 'auth-required')
  returning t.tenant_id, t.task_id, t.agent_id, t.slot_keys, s.is_queued
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, $6::int + e.ord, e.kind, e.payload
  from moved m cross join unnest($10::text[], $11::text[]) with ordinality as e (kind, payload, ord)
),
keyed as (
  insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id)
  select m.tenant_id, $12::uuid, $13::uuid, m.task_id from moved m
),
taken as (
  update colloquy.slots s set in_use = s.in_use + (s.key_id = any (coalesce(m.slot_keys, '{}')))::int,
    queued = s.queued + (m.is_queued and s.key_id = m.agent_id)::int
  from moved m
  where s.tenant_id = m.tenant_id and s.key_id = any (coalesce(m.slot_keys, '{}') || m.agent_id)
)
select task_id, is_queued from moved`;
