import { uuidOf } from '../../../kernel/ids.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import { budgetsOf, recordBudgetedQueuedText, recordBudgetedText } from './record-budgeted-tasks.ts';
import { recordOneTask } from './record-one-task.ts';
import type { RecordedRow } from './recorded-row.ts';

/**
 * Records a batch of sends. Each send has an outcome of its own: its key was used before, its agent is closed, or its tenant has too few credits.
 * The wallets of the tenants are locked, so keys and balances can not change while the statement reads them. No two sends of a batch have the
 * same key. Most batches take the plain text, which is planned and run without budgets and slots; `tasks-sql.test.ts` compares the texts.
 */
export function recordTasks(tasks: readonly NewTask[]): Statement<RecordedRow> {
  const needsSlots = tasks.some(({ queueing, needsNoSlot }) => queueing !== undefined || needsNoSlot === true);
  const isPlain = !needsSlots && tasks.every(({ delegation }) => delegation === undefined);
  if (tasks.some(({ budgets }) => budgets !== undefined)) {
    const budgeted = [...valuesOf(tasks), ...budgetsOf(tasks)];
    if (isPlain) return { name: 'record-budgeted-tasks', text: recordBudgetedText, values: budgeted };
    const all = [...budgeted, ...delegationsOf(tasks), ...queueingsOf(tasks)];
    return { name: 'record-budgeted-queueable-tasks', text: recordBudgetedQueuedText, values: all };
  }
  const [first, second] = tasks;
  if (isPlain && first !== undefined && second === undefined) return recordOneTask(first);
  const values = valuesOf(tasks);
  if (isPlain) return { name: 'record-tasks', text: plainText, values };
  if (!needsSlots)
    return { name: 'record-delegated-tasks', text: withDelegationText, values: [...values, ...delegationsOf(tasks)] };
  const more = [...delegationsOf(tasks), ...queueingsOf(tasks)];
  return { name: 'record-dispatched-tasks', text: withQueueText, values: [...values, ...more] };
}

function valuesOf(tasks: readonly NewTask[]): readonly unknown[] {
  return [
    plainArray(tasks.map(({ tenantId }) => uuidOf(tenantId))),
    plainArray(tasks.map(({ taskId }) => uuidOf(taskId))),
    tasks.map(({ contextId }) => contextId),
    plainArray(tasks.map(({ agentId }) => uuidOf(agentId))),
    plainArray(tasks.map(({ instanceId }) => uuidOf(instanceId))),
    tasks.map(({ ownerId }) => ownerId),
    tasks.map(({ requestId }) => requestId),
    plainArray(tasks.map(({ nodeId }) => uuidOf(nodeId))),
    plainArray(tasks.map(({ keyHash }) => keyHash)),
    plainArray(tasks.map(({ fingerprint }) => fingerprint)),
    plainArray(tasks.map(({ reserveMicrocredits }) => reserveMicrocredits)),
    plainArray(runningTotals(tasks)),
    joinedJson(tasks.map(({ decision }) => decision)),
    joinedJson(tasks.map(({ sendOptions }) => sendOptions ?? '')),
    joinedJson(tasks.map(({ submitted }) => submitted)),
    plainArray(tasks.map(({ statusAtMs }) => new Date(statusAtMs).toISOString())),
  ];
}

/** The delegation chains as JSON, the budgets that pay for each task, and the budget of its own, which pays for it too. */
function delegationsOf(tasks: readonly NewTask[]): readonly unknown[] {
  return [
    tasks.map(({ delegation }) => (delegation === undefined ? null : JSON.stringify(delegation.chain))),
    tasks.map(({ taskId, delegation }) => {
      const own = (delegation?.budgetMicrocredits ?? null) === null ? [] : [taskId];
      const ids = [...(delegation?.budgetTaskIds ?? []), ...own];
      return ids.length === 0 ? null : plainArray(ids.map(uuidOf));
    }),
    plainArray(tasks.map(({ delegation }) => delegation?.budgetMicrocredits ?? null)),
  ];
}

/**
 * The queue delay of each task, its deadline, and its number among the tasks of the batch that ask for a slot of the same agent, and of the same
 * instance. When an earlier one is refused, its slot stays free and is claimed from the queue. Number 0 needs no slot.
 */
function queueingsOf(tasks: readonly NewTask[]): readonly unknown[] {
  const asked = new Map<string, number>();
  const nextOf = (key: string): number => {
    const nth = (asked.get(key) ?? 0) + 1;
    asked.set(key, nth);
    return nth;
  };
  const deadlineOf = ({ queueing }: NewTask): number | null => queueing?.deadlineAtMs ?? null;
  const nthOf = (task: NewTask, next: (asking: NewTask) => number): number | null =>
    task.needsNoSlot === true ? 0 : task.queueing === undefined ? null : next(task);
  return [
    plainArray(tasks.map(({ queueing }) => queueing?.delayMs ?? null)),
    plainArray(tasks.map((task) => isoOf(deadlineOf(task)))),
    plainArray(tasks.map((task) => nthOf(task, (asking) => nextOf(asking.tenantId + asking.agentId)))),
    plainArray(tasks.map((task) => nthOf(task, (asking) => nextOf(asking.tenantId + asking.instanceId)))),
  ];
}

function isoOf(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}

/** For each send, the price of its tenant's sends up to and including it. */
function runningTotals(tasks: readonly NewTask[]): readonly bigint[] {
  const totals = new Map<string, bigint>();
  return tasks.map(({ tenantId, reserveMicrocredits }) => {
    const total = (totals.get(tenantId) ?? 0n) + reserveMicrocredits;
    totals.set(tenantId, total);
    return total;
  });
}

const plainText = `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is not null then 'outdated'
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::uuid[], $11::bigint[], $12::bigint[], string_to_array($13::text, chr(30)),
    string_to_array($14::text, chr(30), ''), string_to_array($15::text, chr(30)), $16::timestamptz[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at, n)
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
  from (select tenant_id, sum(price)::bigint as total from decided where outcome = 'recorded' and price > 0 group by tenant_id) t
  where w.tenant_id = t.tenant_id
)
select n::int as n, outcome, known_task_id, same_request, available, is_context_unmapped from decided`;

/**
 * With delegation chains. What the statement reads of a budget can only have grown until it charges it: the wallet's lock keeps other recordings
 * of the tenant away, and no batch has two tasks that one budget pays for.
 */
const withDelegationText = `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is not null then 'outdated'
      when i.price > b.rest or i.budget > b.rest or i.price > i.budget then 'over-budget'
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome,
    least(b.rest, i.budget) - i.price as budget_left
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::uuid[], $11::bigint[], $12::bigint[], string_to_array($13::text, chr(30)),
    string_to_array($14::text, chr(30), ''), string_to_array($15::text, chr(30)), $16::timestamptz[],
    $17::text[], $18::text[], $19::bigint[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at,
    chain, budget_ids, budget, n)
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
  left join lateral (
    select min(left_microcredits) as rest from colloquy.delegation_budgets b
    where b.tenant_id = i.tenant_id and b.task_id = any (i.budget_ids::uuid[])
  ) b on true
),
new_tasks as (
  insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
    last_seq, node_id, attempt, reserved_microcredits, decision, send_options, created_at, is_context_unmapped,
    chain, budget_ids)
  select tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, 'submitted', status_at,
    1, node_id, 1, price, decision::jsonb, send_options, status_at, is_context_unmapped,
    case when budget_left is null then chain::jsonb else chain::jsonb || jsonb_build_object('budgetLeft', budget_left) end,
    budget_ids::uuid[]
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
  from (select tenant_id, sum(price)::bigint as total from decided where outcome = 'recorded' and price > 0 group by tenant_id) t
  where w.tenant_id = t.tenant_id
),
spent as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits - d.price
  from decided d
  where d.outcome = 'recorded' and d.price > 0 and b.tenant_id = d.tenant_id and b.task_id = any (d.budget_ids::uuid[])
),
granted as (
  insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits)
  select tenant_id, task_id, budget, budget - price from decided where outcome = 'recorded' and budget is not null
)
select n::int as n, outcome, known_task_id, same_request, available, is_context_unmapped, budget_left::float8 as budget_left from decided`;

/** With delegation chains and queues. The slots are locked by the statement before, so the counts stay as they are read. */
const withQueueText = `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is not null then 'outdated'
      when i.price > b.rest or i.budget > b.rest or i.price > i.budget then 'over-budget'
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome,
    least(b.rest, i.budget) - i.price as budget_left,
    case when i.agent_nth > 0 then
      nullif(array_remove(array[case when sa.slots_max is not null then i.agent_id end,
        case when si.slots_max is not null then i.instance_id end], null), '{}') end as slot_keys,
    case when k.task_id is null then coalesce(i.agent_nth, 0) > 0
      -- No task overtakes those that wait already.
      and not (coalesce(sa.queued, 0) = 0
        and (sa.slots_max is null or sa.in_use + i.agent_nth <= sa.slots_max)
        and (si.slots_max is null or si.in_use + i.instance_nth <= si.slots_max))
      -- An earlier attempt of the same recording was committed: is the task still in the queue?
      else not coalesce(k.is_claimed, true) end as is_queued
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::uuid[], $11::bigint[], $12::bigint[], string_to_array($13::text, chr(30)),
    string_to_array($14::text, chr(30), ''), string_to_array($15::text, chr(30)), $16::timestamptz[],
    $17::text[], $18::text[], $19::bigint[], $20::int[], $21::timestamptz[], $22::int[], $23::int[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at,
    chain, budget_ids, budget, delay_ms, deadline_at, agent_nth, instance_nth, n)
  left join lateral (
    select task_id, fingerprint,
      (select t.node_id = i.node_id and t.attempt = 1 and t.queued_at is null from colloquy.tasks t
        where t.tenant_id = k.tenant_id and t.task_id = k.task_id) as is_claimed
    from colloquy.idempotency_keys k
    where k.tenant_id = i.tenant_id and k.key_hash = i.key_hash limit 1
  ) k on true
  left join lateral (
    select true as is_open from colloquy.agents a
    where a.tenant_id = i.tenant_id and a.agent_id = i.agent_id and a.deregistered_at is null
      -- A task that asks for no slot, of an agent with a concurrency limit, was sent by an outdated route.
      and (a.slots_max is null or i.delay_ms is not null or i.agent_nth = 0) limit 1
  ) a on true
  left join lateral (
    select available_microcredits, budgets_version from colloquy.wallets w where w.tenant_id = i.tenant_id limit 1
  ) w on true
  left join lateral (
    select true as is_context_unmapped from colloquy.unmapped_contexts u
    where u.tenant_id = i.tenant_id and u.owner_id = i.owner_id and u.context_id = i.context_id limit 1
  ) u on true
  left join lateral (
    select min(left_microcredits) as rest from colloquy.delegation_budgets b
    where b.tenant_id = i.tenant_id and b.task_id = any (i.budget_ids::uuid[])
  ) b on true
  left join colloquy.slots sa on sa.tenant_id = i.tenant_id and sa.key_id = i.agent_id
  left join colloquy.slots si on si.tenant_id = i.tenant_id and si.key_id = i.instance_id
),
new_tasks as (
  insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
    last_seq, node_id, attempt, reserved_microcredits, decision, send_options, created_at, is_context_unmapped,
    chain, budget_ids, queue_delay_ms, deadline_at, slot_keys, tries, queue_rank, queued_at)
  select tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, 'submitted', status_at,
    1, case when not is_queued then node_id end, case when is_queued then 0 else 1 end, price, decision::jsonb, send_options, status_at, is_context_unmapped,
    case when budget_left is null then chain::jsonb else chain::jsonb || jsonb_build_object('budgetLeft', budget_left) end,
    budget_ids::uuid[], delay_ms, deadline_at,
    case when not is_queued then slot_keys end,
    case when delay_ms is not null then 1 - is_queued::int end,
    case when is_queued then colloquy.now_utc() + delay_ms * interval '1 millisecond' end,
    case when is_queued then colloquy.now_utc() end
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
  from (select tenant_id, sum(price)::bigint as total from decided where outcome = 'recorded' and price > 0 group by tenant_id) t
  where w.tenant_id = t.tenant_id
),
spent as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits - d.price
  from decided d
  where d.outcome = 'recorded' and d.price > 0 and b.tenant_id = d.tenant_id and b.task_id = any (d.budget_ids::uuid[])
),
granted as (
  insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits)
  select tenant_id, task_id, budget, budget - price from decided where outcome = 'recorded' and budget is not null
),
taken as (
  update colloquy.slots s set in_use = s.in_use + c.taken, queued = s.queued + c.queued
  from (
    select tenant_id, key_id, sum(taken)::int as taken, sum(queued)::int as queued
    from (
      select tenant_id, unnest(slot_keys) as key_id, 1 as taken, 0 as queued
      from decided where outcome = 'recorded' and not is_queued
      union all
      select tenant_id, agent_id, 0, 1 from decided where outcome = 'recorded' and is_queued
    ) x group by tenant_id, key_id
  ) c
  where s.tenant_id = c.tenant_id and s.key_id = c.key_id
)
select n::int as n, outcome, known_task_id, same_request, available, is_context_unmapped, budget_left::float8 as budget_left, is_queued
from decided`;
