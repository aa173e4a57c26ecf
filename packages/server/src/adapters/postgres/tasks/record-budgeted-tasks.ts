import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ChargedWindow } from '../../../modules/budgets/index.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

interface BatchWindow {
  readonly tenantId: TenantId;
  readonly version: string | null;
  readonly window: ChargedWindow;
}

/** The windows that pay for the tasks of a batch, each once, in the order of their ids. */
function windowsOf(tasks: readonly NewTask[]): readonly BatchWindow[] {
  const found = new Map<string, BatchWindow>();
  for (const { tenantId, budgets } of tasks)
    for (const window of budgets?.windows ?? [])
      found.set(window.windowId, { tenantId, version: budgets?.version ?? null, window });
  return [...found.values()].toSorted((one, other) => (one.window.windowId < other.window.windowId ? -1 : 1));
}

/**
 * For each task the version of its tenant's budgets that it was prepared with, and the windows that pay for it. Then the windows of the batch, and what
 * each task takes from them: its number, the place of the window, its price, and the price of the batch's tasks up to and including this one that the
 * window pays for; null where the window refuses nothing.
 */
export function budgetsOf(tasks: readonly NewTask[]): readonly unknown[] {
  const windows = windowsOf(tasks);
  const placeOf = new Map(windows.map(({ window }, at) => [window.windowId, at + 1]));
  const totals = windows.map(() => 0n);
  const charges = tasks.flatMap(({ budgets, reserveMicrocredits: price }, at) =>
    (budgets?.windows ?? []).map(({ windowId, budget }) => {
      const place = placeOf.get(windowId) ?? 0;
      const total = (totals[place - 1] ?? 0n) + price;
      totals[place - 1] = total;
      // A task that reserves nothing is refused by no window. It needs the row all the same: it may cost something in the end.
      return { n: at + 1, place, price, total: budget.mode === 'hard' && price > 0n ? total : null };
    }),
  );
  return [
    plainArray(tasks.map(({ budgets }) => budgets?.version ?? null)),
    tasks.map(({ budgets }) => plainArray((budgets?.windows ?? []).map(({ windowId }) => windowId))),
    plainArray(windows.map(({ tenantId }) => uuidOf(tenantId))),
    plainArray(windows.map(({ window }) => window.windowId)),
    plainArray(charges.map(({ n }) => n)),
    plainArray(charges.map(({ place }) => place)),
    plainArray(charges.map(({ price }) => price)),
    plainArray(charges.map(({ total }) => total)),
  ];
}

/** Makes the windows of a task that no task was charged to before. Runs under the lock of the wallet, so that no window has an outdated limit. */
export function openWindows(task: NewTask): Statement {
  const windows = windowsOf([task]);
  const isoOf = (timeMs: number | null): string | null => (timeMs === null ? null : new Date(timeMs).toISOString());
  return {
    name: 'open-budget-windows',
    text: openText,
    values: [
      plainArray(windows.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(windows.map(({ version }) => version)),
      plainArray(windows.map(({ window }) => window.windowId)),
      plainArray(windows.map(({ window }) => window.budget.budgetId)),
      plainArray(windows.map(({ window }) => window.budget.limitMicrocredits)),
      plainArray(windows.map(({ window }) => isoOf(window.startsAtMs))),
      plainArray(windows.map(({ window }) => isoOf(window.endsAtMs))),
    ],
  };
}

const openText = `
insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits, budget_id, starts_at, ends_at)
select i.tenant_id, i.window_id, i.limit_microcredits, i.limit_microcredits, i.budget_id, i.starts_at, i.ends_at
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::timestamptz[])
  as i (tenant_id, version, window_id, budget_id, limit_microcredits, starts_at, ends_at)
where exists (select from colloquy.wallets w where w.tenant_id = i.tenant_id and w.budgets_version = i.version)
on conflict (tenant_id, task_id) do nothing`;

/**
 * With budgets. The wallets' lock keeps other recordings away, so what the statement reads of a window can only grow until it charges it. Windows are
 * compared for all tasks of the batch at once.
 */
export const recordBudgetedText = `
with windows as materialized (
  select x.place, x.tenant_id, x.window_id, b.left_microcredits
  from unnest($19::uuid[], $20::uuid[]) with ordinality as x (tenant_id, window_id, place)
  join colloquy.delegation_budgets b on b.tenant_id = x.tenant_id and b.task_id = x.window_id
),
charges as materialized (
  select * from unnest($21::int[], $22::int[], $23::bigint[], $24::bigint[]) as c (n, place, price, total)
),
refusing as materialized (
  -- Of each task the window that refuses it: first one that has no row yet, then one that does not pay for it alone.
  select distinct on (c.n) c.n, w.window_id, w.left_microcredits as window_left
  from charges c left join windows w on w.place = c.place
  where w.window_id is null or c.total > w.left_microcredits
  order by c.n, w.window_id is not null, c.price <= w.left_microcredits, w.left_microcredits, w.window_id
),
decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is distinct from i.budgets_version then 'outdated'
      when f.n is not null and f.window_id is null then 'unopened'
      when i.price > f.window_left then 'budget-exceeded'
      when f.window_id is not null then 'budget-crowded'
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome, f.window_id, f.window_left
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::uuid[], $11::bigint[], $12::bigint[], string_to_array($13::text, chr(30)),
    string_to_array($14::text, chr(30), ''), string_to_array($15::text, chr(30)), $16::timestamptz[],
    $17::uuid[], $18::text[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at,
    budgets_version, window_ids, n)
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
  left join refusing f on f.n = i.n
),
new_tasks as (
  insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
    last_seq, node_id, attempt, reserved_microcredits, decision, send_options, created_at, is_context_unmapped,
    budget_ids)
  select tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, 'submitted', status_at,
    1, node_id, 1, price, decision::jsonb, send_options, status_at, is_context_unmapped,
    nullif(window_ids::uuid[], '{}')
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
windowed as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits - c.price
  from (
    select w.tenant_id, w.window_id, sum(c.price)::bigint as price
    from windows w join charges c on c.place = w.place
    where c.price > 0 and c.n not in (select d.n from decided d where d.outcome <> 'recorded')
    group by w.tenant_id, w.window_id order by w.tenant_id, w.window_id
  ) c
  where b.tenant_id = c.tenant_id and b.task_id = c.window_id
)
select n::int as n, outcome, known_task_id, same_request, available, is_context_unmapped, window_id, window_left from decided`;

/** As `recordBudgetedText`, with delegation chains and queues. */
export const recordBudgetedQueuedText = `
with windows as materialized (
  select x.place, x.tenant_id, x.window_id, b.left_microcredits
  from unnest($19::uuid[], $20::uuid[]) with ordinality as x (tenant_id, window_id, place)
  join colloquy.delegation_budgets b on b.tenant_id = x.tenant_id and b.task_id = x.window_id
),
charges as materialized (
  select * from unnest($21::int[], $22::int[], $23::bigint[], $24::bigint[]) as c (n, place, price, total)
),
refusing as materialized (
  -- Of each task the window that refuses it: first one that has no row yet, then one that does not pay for it alone.
  select distinct on (c.n) c.n, w.window_id, w.left_microcredits as window_left
  from charges c left join windows w on w.place = c.place
  where w.window_id is null or c.total > w.left_microcredits
  order by c.n, w.window_id is not null, c.price <= w.left_microcredits, w.left_microcredits, w.window_id
),
decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is distinct from i.budgets_version then 'outdated'
      when i.price > b.rest or i.budget > b.rest or i.price > i.budget then 'over-budget'
      when f.n is not null and f.window_id is null then 'unopened'
      when i.price > f.window_left then 'budget-exceeded'
      when f.window_id is not null then 'budget-crowded'
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome,
    least(b.rest, i.budget) - i.price as budget_left, f.window_id, f.window_left,
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
    $17::uuid[], $18::text[],
    $25::text[], $26::text[], $27::bigint[], $28::int[], $29::timestamptz[], $30::int[], $31::int[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at,
    budgets_version, window_ids,
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
  left join refusing f on f.n = i.n
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
    nullif(coalesce(budget_ids::uuid[], '{}') || window_ids::uuid[], '{}'), delay_ms, deadline_at,
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
windowed as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits - c.price
  from (
    select w.tenant_id, w.window_id, sum(c.price)::bigint as price
    from windows w join charges c on c.place = w.place
    where c.price > 0 and c.n not in (select d.n from decided d where d.outcome <> 'recorded')
    group by w.tenant_id, w.window_id order by w.tenant_id, w.window_id
  ) c
  where b.tenant_id = c.tenant_id and b.task_id = c.window_id
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
select n::int as n, outcome, known_task_id, same_request, available, is_context_unmapped, budget_left::float8 as budget_left, is_queued,
  window_id, window_left
from decided`;
