import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskWrite } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import { stateName } from './task-state-names.ts';

export interface WrittenRow {
  /** Which write of the batch, counted from 1. */
  readonly n: number;
}

/**
 * Appends a batch of events, one group for each task, and ends the tasks that end: state, ledger, wallet and audit entry in the
 * same statement. Each group is fenced by (node, attempt) and by the last sequence it expects; the rows name the groups that passed.
 *
 * The writes come in the order of their task ids, and the writers' sessions join by nested loops only (`writer-settings.ts`), so
 * rows are locked in that order and no two batches wait for each other. The wallets come last, so that they are held shortly: of
 * the parts that nobody reads from, PostgreSQL runs the first one last.
 */
export function writeTasks(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  const events = writes.flatMap((write, at) =>
    write.events.map((event, ord) => ({ event, write, n: at + 1, seq: write.expectedSeq + ord + 1 })),
  );
  return {
    name: 'write-tasks',
    text,
    values: [
      plainArray(writes.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(writes.map(({ taskId }) => uuidOf(taskId))),
      plainArray(writes.map(({ nodeId }) => (nodeId === null ? null : uuidOf(nodeId)))),
      plainArray(writes.map(({ attempt }) => attempt)),
      plainArray(writes.map(({ expectedSeq }) => expectedSeq)),
      plainArray(writes.map((write) => write.events.length)),
      plainArray(writes.map(({ state }) => (state === null ? null : stateName(state)))),
      plainArray(writes.map(({ statusAtMs }) => (statusAtMs === null ? null : new Date(statusAtMs).toISOString()))),
      writes.map(({ upstreamTaskId }) => upstreamTaskId),
      plainArray(writes.map(({ end }) => end?.closing ?? null)),
      plainArray(writes.map(({ end }) => end?.errorCode ?? null)),
      plainArray(writes.map(({ end }) => (end === null ? null : uuidOf(end.auditId)))),
      plainArray(writes.map(({ end }) => end?.auditAction ?? null)),
      plainArray(writes.map(({ end }) => end?.auditOutcome ?? null)),
      plainArray(events.map(({ n }) => n)),
      plainArray(events.map(({ write }) => uuidOf(write.tenantId))),
      plainArray(events.map(({ write }) => uuidOf(write.taskId))),
      plainArray(events.map(({ seq }) => seq)),
      plainArray(events.map(({ event }) => event.kind)),
      joinedJson(events.map(({ event }) => event.json)),
    ],
  };
}

const text = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::timestamptz[],
    $9::text[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::text[])
  with ordinality as i (tenant_id, task_id, node_id, attempt, expected_seq, event_count, state, status_at,
    upstream_task_id, closing, error_code, audit_id, audit_action, audit_outcome, n)
),
moved as (
  update colloquy.tasks t
  set last_seq = i.expected_seq + i.event_count,
    state = coalesce(i.state, t.state),
    status_at = coalesce(i.status_at, t.status_at),
    waiting_since = case when i.state in ('input-required', 'auth-required') then colloquy.now_utc() end,
    next_look_at = case i.state when 'auth-required' then colloquy.now_utc() + interval '${limits.accessLookMsMin} milliseconds' end,
    upstream_task_id = coalesce(i.upstream_task_id, t.upstream_task_id),
    node_id = case when coalesce(i.state, t.state) in ('submitted', 'working') then t.node_id end,
    error_code = coalesce(i.error_code, t.error_code)
  from input i
  where t.tenant_id = i.tenant_id and t.task_id = i.task_id
    -- Not an equality, so that no plan goes by the node: its index is full of tasks that have ended.
    and t.node_id is not distinct from i.node_id and t.attempt = i.attempt and t.last_seq = i.expected_seq
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.reserved_microcredits, t.decision,
    i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome
),
paid as (
  update colloquy.wallets w
  set reserved_microcredits = w.reserved_microcredits - t.settled - t.released,
    used_microcredits = w.used_microcredits + t.settled,
    available_microcredits = w.available_microcredits + t.released
  from (
    select tenant_id,
      coalesce(sum(reserved_microcredits) filter (where closing = 'settle'), 0)::bigint as settled,
      coalesce(sum(reserved_microcredits) filter (where closing = 'release'), 0)::bigint as released
    from moved where closing is not null and reserved_microcredits > 0 group by tenant_id order by tenant_id
  ) t
  where w.tenant_id = t.tenant_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select e.tenant_id, e.task_id, e.seq, e.kind, e.payload
  from unnest($15::bigint[], $16::uuid[], $17::uuid[], $18::int[], $19::text[], string_to_array($20::text, chr(30)))
    as e (n, tenant_id, task_id, seq, kind, payload)
  where e.n = any (array(select m.n from moved m))
),
closed as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, closing, reserved_microcredits from moved where closing is not null and reserved_microcredits > 0
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, audit_id, owner_id, audit_action, audit_outcome,
    'tsk_' || replace(task_id::text, '-', ''), request_id,
    jsonb_strip_nulls(jsonb_build_object('agent', decision ->> 'agent', 'code', error_code,
      'credits', closing, 'amountMicrocredits', reserved_microcredits::text))
  from moved where audit_id is not null
)
select n::int as n from moved`;
