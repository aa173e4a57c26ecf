import { uuidOf } from '../../../kernel/ids.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

/**
 * The version of its tenant's budgets that each task was prepared with, the windows that pay for it, and for each hard window the price of the batch's
 * tasks up to and including this one that it pays for.
 */
export function budgetsOf(tasks: readonly NewTask[]): readonly unknown[] {
  const totals = new Map<string, bigint>();
  const totalOf = (windowId: string, price: bigint): bigint => {
    const total = (totals.get(windowId) ?? 0n) + price;
    totals.set(windowId, total);
    return total;
  };
  return [
    plainArray(tasks.map(({ budgets }) => budgets?.version ?? null)),
    tasks.map(({ budgets }) => plainArray((budgets?.windows ?? []).map(({ windowId }) => windowId))),
    tasks.map(({ budgets, reserveMicrocredits }) =>
      plainArray(
        (budgets?.windows ?? []).map(({ windowId, budget }) =>
          budget.mode === 'hard' ? totalOf(windowId, reserveMicrocredits) : null,
        ),
      ),
    ),
  ];
}

/** Makes the windows of a batch that no task was charged to before. Runs under the lock of the wallets, so that no window has an outdated limit. */
export function openWindows(tasks: readonly NewTask[]): Statement {
  const opened = new Map(
    tasks.flatMap(({ tenantId, budgets }) =>
      (budgets?.windows ?? []).map((window) => [
        window.windowId,
        { tenantId, version: budgets?.version ?? null, window },
      ]),
    ),
  );
  const windows = [...opened.values()].toSorted((one, other) => (one.window.windowId < other.window.windowId ? -1 : 1));
  return {
    name: 'open-budget-windows',
    text: openText,
    values: [
      plainArray(windows.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(windows.map(({ version }) => version)),
      plainArray(windows.map(({ window }) => window.windowId)),
      plainArray(windows.map(({ window }) => window.budget.budgetId)),
      plainArray(windows.map(({ window }) => window.budget.limitMicrocredits)),
      plainArray(windows.map(({ window }) => new Date(window.startsAtMs).toISOString())),
      plainArray(
        windows.map(({ window }) => (window.endsAtMs === null ? null : new Date(window.endsAtMs).toISOString())),
      ),
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

/** With budgets, delegation chains and queues. The wallets' lock keeps other recordings away, so a window can only gain until it is charged. */
export const recordBudgetedText = `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available, u.is_context_unmapped is not null as is_context_unmapped,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
      when w.budgets_version is distinct from i.budgets_version then 'outdated'
      when i.price > b.rest or i.budget > b.rest or i.price > i.budget then 'over-budget'
      when i.price > f.window_left then 'budget-exceeded'
      when f.window_id is not null then 'budget-crowded'
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome,
    least(b.rest, i.budget) - i.price as budget_left, f.window_id, f.window_left,
    nullif(coalesce(i.budget_ids::uuid[], '{}') || coalesce(i.window_ids::uuid[], '{}'), '{}') as charged_ids,
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
    $17::text[], $18::text[], $19::bigint[], $20::int[], $21::timestamptz[], $22::int[], $23::int[],
    $24::uuid[], $25::text[], $26::text[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at,
    chain, budget_ids, budget, delay_ms, deadline_at, agent_nth, instance_nth, budgets_version, window_ids, window_totals, n)
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
  left join lateral (
    -- The window that refuses the task, first one that does not pay for it alone. The total of a window that refuses nothing is null.
    select b.task_id as window_id, b.left_microcredits as window_left
    from unnest(i.window_ids::uuid[], i.window_totals::bigint[]) as u (window_id, total)
    join colloquy.delegation_budgets b on b.tenant_id = i.tenant_id and b.task_id = u.window_id
    where i.price > 0 and u.total > b.left_microcredits
    order by i.price <= b.left_microcredits, b.left_microcredits, b.task_id limit 1
  ) f on true
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
    charged_ids, delay_ms, deadline_at,
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
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits - c.price
  from (
    select d.tenant_id, u.charged_id, sum(d.price)::bigint as price
    from decided d cross join lateral unnest(d.charged_ids) as u (charged_id)
    where d.outcome = 'recorded' and d.price > 0
    group by d.tenant_id, u.charged_id order by d.tenant_id, u.charged_id
  ) c
  where b.tenant_id = c.tenant_id and b.task_id = c.charged_id
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
