import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { TaskWrite } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import { placesOf, valuesOf } from './append-events.ts';
import type { WrittenRow } from './append-events.ts';
import { settleOneTask } from './settle-one-task.ts';

/**
 * Appends a batch of events, one group for each task, and ends the tasks that end: state, ledger, wallet and audit entry in the same statement.
 * The rows name the groups that passed their fence. `tasks-sql.test.ts` compares the parts that the texts share.
 *
 * The writes come in the order of their task ids, and the writers' sessions join by nested loops only (`writer-settings.ts`). So rows are locked in
 * that order, and no two batches wait for each other. The wallets are locked last, so that they are held shortly: of the parts that no other part
 * reads, PostgreSQL runs the first one last.
 */
export function writeTasks(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  if (writes.some(isMetered)) return writeMeteredTasks(writes);
  // Only released credits go back to budgets; a batch without any takes the shorter text.
  const isReleasing = writes.some(
    ({ end }) => end !== null && (end.closing !== 'settle' || end.priceMicrocredits !== null),
  );
  const [first, second] = writes;
  if (!isReleasing && first !== undefined && first.end !== null && second === undefined)
    return settleOneTask(first, first.end);
  return {
    ...(isReleasing ? { name: 'release-tasks', text: releasingText } : { name: 'write-tasks', text: settlingText }),
    values: [...endingsOf(writes), ...(isReleasing ? releasesOf(writes) : [])],
  };
}

function isMetered({ end }: TaskWrite): boolean {
  return end?.isMetered === true;
}

function writeMeteredTasks(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  const usages = writes.map(({ end }) => end?.usage ?? '');
  const metered = plainArray(writes.map((write) => (isMetered(write) ? 1 : 0)));
  const values = [...endingsOf(writes), ...releasesOf(writes), placesOf(writes), metered, joinedJson(usages)];
  return { name: 'write-metered-tasks', text: excessText, values };
}

function endingsOf(writes: readonly TaskWrite[]): readonly unknown[] {
  return [
    ...valuesOf(writes),
    plainArray(writes.map(({ end }) => end?.closing ?? null)),
    plainArray(writes.map(({ end }) => end?.errorCode ?? null)),
    plainArray(writes.map(({ end }) => (end === null ? null : uuidOf(end.auditId)))),
    plainArray(writes.map(({ end }) => end?.auditAction ?? null)),
    plainArray(writes.map(({ end }) => end?.auditOutcome ?? null)),
  ];
}

/** The most that is settled of each task, and which tasks are dead-lettered. */
function releasesOf(writes: readonly TaskWrite[]): readonly string[] {
  return [
    plainArray(writes.map(({ end }) => end?.priceMicrocredits ?? null)),
    plainArray(writes.map(({ end }) => (end?.isDead === true ? 1 : 0))),
  ];
}

/** As `writeTasks`, for tasks that hold slots or wait for them. Wallets and slots are locked by statements before, as a recording locks them. */
export function writeQueueableTasks(writes: readonly TaskWrite[]): Statement<WrittenRow> {
  if (writes.some(isMetered)) return writeMeteredTasks(writes);
  const values = [...endingsOf(writes), ...releasesOf(writes), placesOf(writes)];
  return { name: 'write-dispatched-tasks', text: withQueueText, values };
}

const settlingText = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::timestamptz[],
    $9::text[], $16::text[], $17::text[], $18::uuid[], $19::text[], $20::text[])
  with ordinality as i (tenant_id, task_id, node_id, attempt, expected_seq, event_count, state, status_at, upstream_task_id,
    closing, error_code, audit_id, audit_action, audit_outcome, n)
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
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.decision, t.chain,
    case i.closing when 'settle' then t.reserved_microcredits else 0 end as settled,
    t.reserved_microcredits as amount,
    i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome
),
paid as (
  update colloquy.wallets w
  set reserved_microcredits = w.reserved_microcredits - t.settled, used_microcredits = w.used_microcredits + t.settled
  from (select tenant_id, sum(settled)::bigint as settled from moved where settled > 0 group by tenant_id order by tenant_id) t
  where w.tenant_id = t.tenant_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select e.tenant_id, e.task_id, e.seq, e.kind, e.payload
  from unnest($10::bigint[], $11::uuid[], $12::uuid[], $13::int[], $14::text[], string_to_array($15::text, chr(30)))
    as e (n, tenant_id, task_id, seq, kind, payload)
  where e.n = any (array(select m.n from moved m))
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
select n::int as n from moved`;

/** Releases credits, wholly or in part, to wallets and budgets; wallets are locked before budgets, as a recording locks them. */
const releasingText = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::timestamptz[],
    $9::text[], $16::text[], $17::text[], $18::uuid[], $19::text[], $20::text[], $21::bigint[], $22::int[])
  with ordinality as i (tenant_id, task_id, node_id, attempt, expected_seq, event_count, state, status_at, upstream_task_id,
    closing, error_code, audit_id, audit_action, audit_outcome, price, dead, n)
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
    dead_at = case when i.dead = 1 then colloquy.now_utc() else t.dead_at end,
    error_code = coalesce(i.error_code, t.error_code)
  from input i
  where t.tenant_id = i.tenant_id and t.task_id = i.task_id
    -- Always true. It makes the planner expect one row, so that it looks the task up by its key whatever the statistics say.
    and i.n between 1 and 2147483647
    -- The fence. Not an equality, so that no plan goes by the node: its index is full of tasks that have ended.
    and t.node_id is not distinct from i.node_id and t.attempt = i.attempt and t.last_seq = i.expected_seq
    -- An ended task has no node, as a waiting one: the fence alone would let it end twice.
    and t.state not in ('completed', 'failed', 'canceled', 'rejected')
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.decision, t.chain, t.budget_ids,
    case i.closing when 'settle' then least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits) else 0 end as settled,
    case i.closing
      when 'settle' then t.reserved_microcredits - least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)
      when 'release' then t.reserved_microcredits
      when 'expire' then t.reserved_microcredits else 0 end as released,
    case i.closing when 'settle' then least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)
      else t.reserved_microcredits end as amount,
    i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome
),
given_back as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits + r.released
  from (
    select m.tenant_id, budget_id, sum(m.released)::bigint as released
    from moved m cross join lateral unnest(m.budget_ids) as u (budget_id)
    where m.budget_ids is not null and m.released > 0
    group by m.tenant_id, budget_id order by m.tenant_id, budget_id
  ) r
  where b.tenant_id = r.tenant_id and b.task_id = r.budget_id
),
paid as (
  update colloquy.wallets w
  set reserved_microcredits = w.reserved_microcredits - t.settled - t.released,
    used_microcredits = w.used_microcredits + t.settled,
    available_microcredits = w.available_microcredits + t.released
  from (
    select tenant_id, sum(settled)::bigint as settled, sum(released)::bigint as released
    from moved where settled + released > 0 group by tenant_id order by tenant_id
  ) t
  where w.tenant_id = t.tenant_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select e.tenant_id, e.task_id, e.seq, e.kind, e.payload
  from unnest($10::bigint[], $11::uuid[], $12::uuid[], $13::int[], $14::text[], string_to_array($15::text, chr(30)))
    as e (n, tenant_id, task_id, seq, kind, payload)
  where e.n = any (array(select m.n from moved m))
),
closed as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, 'settle', settled from moved where settled > 0
  union all select tenant_id, task_id, case closing when 'expire' then 'expire' else 'release' end, released from moved where released > 0
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, audit_id, owner_id, audit_action, audit_outcome,
    'tsk_' || replace(task_id::text, '-', ''), request_id,
    jsonb_strip_nulls(jsonb_build_object('agent', decision ->> 'agent', 'code', error_code,
      'credits', closing, 'amountMicrocredits', amount::text, 'chain', chain))
  from moved where audit_id is not null
)
select n::int as n from moved`;

/** As `releasingText`, and frees concurrency slots and places in queues. */
const withQueueText = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::timestamptz[],
    $9::text[], $16::text[], $17::text[], $18::uuid[], $19::text[], $20::text[], $21::bigint[], $22::int[], $23::text[])
  with ordinality as i (tenant_id, task_id, node_id, attempt, expected_seq, event_count, state, status_at, upstream_task_id,
    closing, error_code, audit_id, audit_action, audit_outcome, price, dead, was, n)
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
    queue_rank = case when coalesce(i.state, t.state) in ('submitted', 'working') then t.queue_rank end,
    dead_at = case when i.dead = 1 then colloquy.now_utc() else t.dead_at end,
    error_code = coalesce(i.error_code, t.error_code)
  from input i
  where t.tenant_id = i.tenant_id and t.task_id = i.task_id
    -- Always true. It makes the planner expect one row, so that it looks the task up by its key whatever the statistics say.
    and i.n between 1 and 2147483647
    -- The fence. Not an equality, so that no plan goes by the node: its index is full of tasks that have ended.
    and t.node_id is not distinct from i.node_id and t.attempt = i.attempt and t.last_seq = i.expected_seq
    -- An ended task has no node, as a waiting one: the fence alone would let it end twice.
    and t.state not in ('completed', 'failed', 'canceled', 'rejected')
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.decision, t.chain, t.budget_ids,
    case i.closing when 'settle' then least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits) else 0 end as settled,
    case i.closing
      when 'settle' then t.reserved_microcredits - least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)
      when 'release' then t.reserved_microcredits
      when 'expire' then t.reserved_microcredits else 0 end as released,
    case i.closing when 'settle' then least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)
      else t.reserved_microcredits end as amount,
    i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome,
    case when coalesce(t.state not in ('submitted', 'working'), false) then i.was end as left_place, t.slot_keys, t.agent_id
),
freed as (
  update colloquy.slots s set in_use = s.in_use - c.held, queued = s.queued - c.queued
  from (
    select tenant_id, key_id, sum(held)::int as held, sum(queued)::int as queued
    from (
      select m.tenant_id, unnest(m.slot_keys) as key_id, 1 as held, 0 as queued from moved m where m.left_place = 'held'
      union all
      select m.tenant_id, m.agent_id, 0, 1 from moved m where m.left_place = 'queued'
    ) x group by tenant_id, key_id
  ) c
  where s.tenant_id = c.tenant_id and s.key_id = c.key_id
),
given_back as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits + r.released
  from (
    select m.tenant_id, budget_id, sum(m.released)::bigint as released
    from moved m cross join lateral unnest(m.budget_ids) as u (budget_id)
    where m.budget_ids is not null and m.released > 0
    group by m.tenant_id, budget_id order by m.tenant_id, budget_id
  ) r
  where b.tenant_id = r.tenant_id and b.task_id = r.budget_id
),
paid as (
  update colloquy.wallets w
  set reserved_microcredits = w.reserved_microcredits - t.settled - t.released,
    used_microcredits = w.used_microcredits + t.settled,
    available_microcredits = w.available_microcredits + t.released
  from (
    select tenant_id, sum(settled)::bigint as settled, sum(released)::bigint as released
    from moved where settled + released > 0 group by tenant_id order by tenant_id
  ) t
  where w.tenant_id = t.tenant_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select e.tenant_id, e.task_id, e.seq, e.kind, e.payload
  from unnest($10::bigint[], $11::uuid[], $12::uuid[], $13::int[], $14::text[], string_to_array($15::text, chr(30)))
    as e (n, tenant_id, task_id, seq, kind, payload)
  where e.n = any (array(select m.n from moved m))
),
closed as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, 'settle', settled from moved where settled > 0
  union all select tenant_id, task_id, case closing when 'expire' then 'expire' else 'release' end, released from moved where released > 0
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, audit_id, owner_id, audit_action, audit_outcome,
    'tsk_' || replace(task_id::text, '-', ''), request_id,
    jsonb_strip_nulls(jsonb_build_object('agent', decision ->> 'agent', 'code', error_code,
      'credits', closing, 'amountMicrocredits', amount::text, 'chain', chain))
  from moved where audit_id is not null
)
select n::int as n from moved`;

/**
 * As `withQueueText`, for tasks of which some cost more than was reserved for them: where the tenant's policy is to debit, the excess is charged, and
 * owed when the wallet is empty.
 */
const excessText = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::timestamptz[],
    $9::text[], $16::text[], $17::text[], $18::uuid[], $19::text[], $20::text[], $21::bigint[], $22::int[], $23::text[], $24::int[], string_to_array($25::text, chr(30)))
  with ordinality as i (tenant_id, task_id, node_id, attempt, expected_seq, event_count, state, status_at, upstream_task_id,
    closing, error_code, audit_id, audit_action, audit_outcome, price, dead, was, is_metered, usage, n)
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
    queue_rank = case when coalesce(i.state, t.state) in ('submitted', 'working') then t.queue_rank end,
    dead_at = case when i.dead = 1 then colloquy.now_utc() else t.dead_at end,
    error_code = coalesce(i.error_code, t.error_code),
    usage = coalesce(nullif(i.usage, '')::jsonb, t.usage)
  from input i
  where t.tenant_id = i.tenant_id and t.task_id = i.task_id
    -- Always true. It makes the planner expect one row, so that it looks the task up by its key whatever the statistics say.
    and i.n between 1 and 2147483647
    -- The fence. Not an equality, so that no plan goes by the node: its index is full of tasks that have ended.
    and t.node_id is not distinct from i.node_id and t.attempt = i.attempt and t.last_seq = i.expected_seq
    -- An ended task has no node, as a waiting one: the fence alone would let it end twice.
    and t.state not in ('completed', 'failed', 'canceled', 'rejected')
  returning i.n, t.tenant_id, t.task_id, t.owner_id, t.request_id, t.decision, t.chain, t.budget_ids,
    case i.closing when 'settle' then least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits) else 0 end as settled,
    case i.closing
      when 'settle' then t.reserved_microcredits - least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)
      when 'release' then t.reserved_microcredits
      when 'expire' then t.reserved_microcredits else 0 end as released,
    case i.closing when 'settle' then least(coalesce(i.price, t.reserved_microcredits), t.reserved_microcredits)
      else t.reserved_microcredits end as amount,
    case when i.closing = 'settle' and i.is_metered = 1 then greatest(i.price - t.reserved_microcredits, 0) else 0 end as excess,
    i.closing, i.error_code, i.audit_id, i.audit_action, i.audit_outcome,
    case when coalesce(t.state not in ('submitted', 'working'), false) then i.was end as left_place, t.slot_keys, t.agent_id
),
-- Waits for each wallet, and then reads it as it is then: these amounts decide.
locked as materialized (
  select tenant_id, granted_microcredits, available_microcredits, reserved_microcredits, used_microcredits, expired_microcredits,
    overage_microcredits
  from colloquy.wallets where tenant_id = any (array(select m.tenant_id from moved m where m.settled + m.released + m.excess > 0))
  order by tenant_id for update
),
-- Task by task, in order: first from the wallet, with what this batch releases, then as overage while the tenant may owe more, and the rest is not collected.
exceeding as materialized (
  select x.n, x.tenant_id, x.task_id, x.budget_ids, x.charged,
    least(x.excess - x.charged, greatest(x.owed_max - x.owed_before, 0)) as owed
  from (
    select m.n, m.tenant_id, m.task_id, m.budget_ids, m.excess,
      least(m.excess, greatest(w.available_microcredits + r.released - m.before, 0)) as charged,
      greatest(m.before - w.available_microcredits - r.released, 0) as owed_before,
      c.overage_max_microcredits - w.overage_microcredits as owed_max
    from (
      select *, (sum(excess) over (partition by tenant_id order by n) - excess)::bigint as before from moved where excess > 0
    ) m
    join locked w on w.tenant_id = m.tenant_id
    join (select tenant_id, sum(released)::bigint as released from moved group by tenant_id) r on r.tenant_id = m.tenant_id
    join colloquy.credit_settings c on c.tenant_id = m.tenant_id and c.overage_policy = 'debit'
  ) x
),
freed as (
  update colloquy.slots s set in_use = s.in_use - c.held, queued = s.queued - c.queued
  from (
    select tenant_id, key_id, sum(held)::int as held, sum(queued)::int as queued
    from (
      select m.tenant_id, unnest(m.slot_keys) as key_id, 1 as held, 0 as queued from moved m where m.left_place = 'held'
      union all
      select m.tenant_id, m.agent_id, 0, 1 from moved m where m.left_place = 'queued'
    ) x group by tenant_id, key_id
  ) c
  where s.tenant_id = c.tenant_id and s.key_id = c.key_id
),
given_back as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits + r.released
  from (
    select m.tenant_id, budget_id, sum(m.released - coalesce(x.charged + x.owed, 0))::bigint as released
    from moved m left join exceeding x on x.n = m.n cross join lateral unnest(m.budget_ids) as u (budget_id)
    where m.budget_ids is not null and m.released + m.excess > 0
    group by m.tenant_id, budget_id order by m.tenant_id, budget_id
  ) r
  where b.tenant_id = r.tenant_id and b.task_id = r.budget_id
),
paid as (
  -- From the locked rows: PostgreSQL checks a new row that it computes of the version before the wait, with which these amounts may not balance.
  update colloquy.wallets w
  set granted_microcredits = l.granted_microcredits,
    expired_microcredits = l.expired_microcredits,
    reserved_microcredits = l.reserved_microcredits - t.settled - t.released,
    used_microcredits = l.used_microcredits + t.settled + t.charged + t.owed,
    available_microcredits = l.available_microcredits + t.released - t.charged,
    overage_microcredits = l.overage_microcredits + t.owed
  from (
    select m.tenant_id, sum(m.settled)::bigint as settled, sum(m.released)::bigint as released,
      coalesce(sum(x.charged), 0)::bigint as charged, coalesce(sum(x.owed), 0)::bigint as owed
    from moved m left join exceeding x on x.n = m.n
    where m.settled + m.released + m.excess > 0 group by m.tenant_id order by m.tenant_id
  ) t join locked l on l.tenant_id = t.tenant_id
  where w.tenant_id = t.tenant_id
),
logged as (
  insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
  select e.tenant_id, e.task_id, e.seq, e.kind, e.payload
  from unnest($10::bigint[], $11::uuid[], $12::uuid[], $13::int[], $14::text[], string_to_array($15::text, chr(30)))
    as e (n, tenant_id, task_id, seq, kind, payload)
  where e.n = any (array(select m.n from moved m))
),
closed as (
  insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
  select tenant_id, task_id, 'settle', settled from moved where settled > 0
  union all select tenant_id, task_id, case closing when 'expire' then 'expire' else 'release' end, released from moved where released > 0
  union all select tenant_id, task_id, 'charge', charged from exceeding where charged > 0
  union all select tenant_id, task_id, 'overage', owed from exceeding where owed > 0
),
audited as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select m.tenant_id, m.audit_id, m.owner_id, m.audit_action, m.audit_outcome,
    'tsk_' || replace(m.task_id::text, '-', ''), m.request_id,
    jsonb_strip_nulls(jsonb_build_object('agent', m.decision ->> 'agent', 'code', m.error_code,
      'credits', m.closing, 'amountMicrocredits', (m.amount + coalesce(x.charged + x.owed, 0))::text,
      'overageMicrocredits', nullif(x.owed, 0)::text,
      'uncollectedMicrocredits', nullif(m.excess - coalesce(x.charged + x.owed, 0), 0)::text, 'chain', m.chain))
  from moved m left join exceeding x on x.n = m.n
  where m.audit_id is not null
)
select n::int as n from moved`;
