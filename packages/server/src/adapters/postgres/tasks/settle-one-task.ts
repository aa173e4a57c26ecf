import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskEnd, TaskWrite } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { WrittenRow } from './append-events.ts';
import { stateName } from './task-columns.ts';

/**
 * As `writeTasks`, for one task that ends and whose whole reservation is settled. PostgreSQL spends a quarter less on it than on the batch's text with
 * one item: no arrays of the tasks to parse, and no sort or sum over them.
 */
export function settleOneTask(write: TaskWrite, end: TaskEnd): Statement<WrittenRow> {
  const { events } = write;
  return {
    name: 'settle-one-task',
    text,
    values: [
      uuidOf(write.tenantId),
      uuidOf(write.taskId),
      write.nodeId === null ? null : uuidOf(write.nodeId),
      write.attempt,
      write.expectedSeq,
      events.length,
      write.state === null ? null : stateName(write.state),
      write.statusAtMs === null ? null : new Date(write.statusAtMs).toISOString(),
      write.upstreamTaskId,
      end.errorCode,
      uuidOf(end.auditId),
      end.auditAction,
      end.auditOutcome,
      plainArray(events.map((_event, at) => write.expectedSeq + at + 1)),
      plainArray(events.map(({ kind }) => kind)),
      joinedJson(events.map(({ json }) => json)),
    ],
  };
}

const text = `
with input as (
  select $1::uuid as tenant_id, $2::uuid as task_id, $3::uuid as node_id, $4::int as attempt, $5::int as expected_seq,
    $6::int as event_count, $7::text as state, $8::timestamptz as status_at, $9::text as upstream_task_id, 'settle' as closing,
    $10::text as error_code, $11::uuid as audit_id, $12::text as audit_action, $13::text as audit_outcome, 1 as n
),
moved as (
  update colloquy.tasks t set
    last_seq = i.expected_seq + i.event_count,
    state = coalesce(i.state, t.state),
    status_at = coalesce(i.status_at, t.status_at),
    waiting_since = case when i.state in ('input-required', 'auth-required') then colloquy.now_utc() end,
    next_look_at = case i.state when 'auth-required' then colloquy.now_utc() + interval '${limits.accessCheckMsMin} milliseconds' end,
    upstream_task_id = coalesce(i.upstream_task_id, t.upstream_task_id),
    node_id = case when coalesce(i.state, t.state) in ('submitted', 'working') then t.node_id end,
    error_code = coalesce(i.error_code, t.error_code)
  from input i
  where t.tenant_id = i.tenant_id and t.task_id = i.task_id
    -- Always true. It makes the planner expect one row, so that it looks the task up by its key whatever the statistics say.
    and i.n between 1 and 2147483647
    -- The fence. Not an equality, so that no plan goes by the node: its index is full of tasks that have ended.
    and t.node_id is not distinct from i.node_id and t.attempt = i.attempt and t.last_seq = i.expected_seq
    -- An ended task has no node, as a waiting one: the fence alone would let it end twice.
    and t.state not in ('completed', 'failed', 'canceled', 'rejected')
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.decision, t.chain, t.reserved_microcredits as settled,
    t.reserved_microcredits as amount, i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome
),
paid as (
  update colloquy.wallets w
  set reserved_microcredits = w.reserved_microcredits - t.settled, used_microcredits = w.used_microcredits + t.settled
  from (select tenant_id, settled from moved where settled > 0) t
  where w.tenant_id = t.tenant_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select m.tenant_id, m.task_id, e.seq, e.kind, e.payload
  from moved m cross join unnest($14::int[], $15::text[], string_to_array($16::text, chr(30))) as e (seq, kind, payload)
),
closed as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, 'settle', settled from moved where settled > 0
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, audit_id, owner_id, audit_action, audit_outcome,
    'tsk_' || replace(task_id::text, '-', ''), request_id,
    jsonb_strip_nulls(jsonb_build_object('agent', decision ->> 'agent', 'code', error_code,
      'credits', closing, 'amountMicrocredits', amount::text, 'chain', chain))
  from moved where audit_id is not null
)
select n from moved`;
