import { uuidOf } from '../../../kernel/ids.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import type { Statement } from '../statement.ts';
import type { RecordedRow } from './recorded-row.ts';

/**
 * As `recordTasks`, for one send without a delegation chain and without slots. PostgreSQL spends a fifth less on it than on the batch's text with one
 * item: no arrays to parse, and no join, sort or sum over the items.
 */
export function recordOneTask(task: NewTask): Statement<RecordedRow> {
  return {
    name: 'record-one-task',
    text,
    values: [
      uuidOf(task.tenantId),
      uuidOf(task.taskId),
      task.contextId,
      uuidOf(task.agentId),
      uuidOf(task.instanceId),
      task.ownerId,
      task.requestId,
      uuidOf(task.nodeId),
      task.keyHash,
      task.fingerprint,
      task.reserveMicrocredits,
      task.decision,
      task.sendOptions,
      task.submitted,
      new Date(task.statusAtMs).toISOString(),
    ],
  };
}

const text = `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is not null then 'outdated'
      when i.price <= coalesce(w.available_microcredits, 0) then 'recorded'
      else 'insufficient'
    end as outcome
  from (
    select $1::uuid as tenant_id, $2::uuid as task_id, $3::text as context_id, $4::uuid as agent_id, $5::uuid as instance_id,
      $6::text as owner_id, $7::text as request_id, $8::uuid as node_id, $9::uuid as key_hash, $10::uuid as fingerprint,
      $11::bigint as price, $12::text as decision, $13::text as send_options, $14::text as submitted, $15::timestamptz as status_at,
      1 as n
  ) i
  left join lateral (
    select task_id, fingerprint from colloquy.idempotency_keys k
    where k.tenant_id = i.tenant_id and k.key_hash = i.key_hash limit 1
  ) k on true
  left join lateral (
    select true as is_open from colloquy.agents a
    where a.tenant_id = i.tenant_id and a.agent_id = i.agent_id and a.deregistered_at is null
      -- A task that asks for no slot, of an agent with a concurrency limit, was sent by an outdated route.
      and a.slots_max is null limit 1
  ) a on true
  left join lateral (
    select available_microcredits, budgets_version from colloquy.wallets w where w.tenant_id = i.tenant_id limit 1
  ) w on true
  left join lateral (
    select true as is_context_unmapped from colloquy.unmapped_contexts u
    where u.tenant_id = i.tenant_id and u.owner_id = i.owner_id and u.context_id = i.context_id limit 1
  ) u on true
),
new_tasks as (
  insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
    last_seq, node_id, attempt, reserved_microcredits, decision, send_options, created_at, is_context_unmapped)
  select tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, 'submitted', status_at,
    1, node_id, 1, price, decision::jsonb, send_options, status_at, is_context_unmapped
  from decided where outcome = 'recorded'
),
new_events as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select tenant_id, task_id, 1, 'task', submitted from decided where outcome = 'recorded'
),
new_keys as (
  insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id)
  select tenant_id, key_hash, fingerprint, task_id from decided where outcome = 'recorded'
),
reserved as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, 'reserve', price from decided where outcome = 'recorded' and price > 0
),
charged as (
  update colloquy.wallets w
  set available_microcredits = w.available_microcredits - t.total, reserved_microcredits = w.reserved_microcredits + t.total
  from (select tenant_id, price as total from decided where outcome = 'recorded' and price > 0) t
  where w.tenant_id = t.tenant_id
)
select n, outcome, known_task_id, same_request, available, is_context_unmapped from decided`;
