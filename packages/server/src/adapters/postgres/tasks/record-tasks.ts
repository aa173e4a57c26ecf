import { uuidOf } from '../../../kernel/ids.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface RecordedRow {
  /** Which send of the batch, counted from 1. */
  readonly n: number;
  /** `crowded`: the wallet pays for this task, but not for it and all those before it. */
  readonly outcome: 'recorded' | 'known' | 'agent-closed' | 'over-budget' | 'insufficient' | 'crowded';
  readonly known_task_id: string | null;
  readonly same_request: boolean | null;
  /** What the wallet held before the batch. */
  readonly available: bigint;
  /** What the chain can still spend; absent when no task of the batch has one. */
  readonly budget_left?: number | null;
}

/**
 * Records a batch of sends and judges each alone: a key used before, a closed agent, too few credits. The wallets of its
 * tenants are locked, so keys and balances cannot change while it reads them. No two sends of a batch have the same key.
 */
export function recordTasks(tasks: readonly NewTask[]): Statement<RecordedRow> {
  const values = valuesOf(tasks);
  if (tasks.every(({ delegation }) => delegation === undefined))
    return { name: 'record-tasks', text: plainText, values };
  return { name: 'record-delegated-tasks', text: delegatedText, values: [...values, ...delegationsOf(tasks)] };
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

/** Chains as JSON, the budgets that pay for each task, and the budget that it brings: its own row pays for it too. */
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

/** For each send, what its tenant's sends cost up to and with it. */
function runningTotals(tasks: readonly NewTask[]): readonly bigint[] {
  const totals = new Map<string, bigint>();
  return tasks.map(({ tenantId, reserveMicrocredits }) => {
    const total = (totals.get(tenantId) ?? 0n) + reserveMicrocredits;
    totals.set(tenantId, total);
    return total;
  });
}

/** The parts of the statement that a batch with delegated tasks adds; a plain batch is planned and run without them. */
interface DelegationParts {
  readonly arrays: string;
  readonly columns: string;
  readonly rest: string;
  readonly verdict: string;
  readonly join: string;
  readonly stored: string;
  readonly chain: string;
  readonly budgets: string;
  readonly left: string;
}

const plain: DelegationParts = {
  arrays: '',
  columns: '',
  rest: '',
  verdict: '',
  join: '',
  stored: '',
  chain: '',
  budgets: '',
  left: '',
};

/**
 * The wallet's lock keeps other recordings of the tenant away, and no batch has two tasks that one budget pays for: what is read of
 * a budget can only have grown until it is charged.
 */
const delegated: DelegationParts = {
  arrays: ', $17::text[], $18::text[], $19::bigint[]',
  columns: ', chain, budget_ids, budget',
  rest: `, least(b.rest, i.budget) - i.price as budget_left`,
  verdict: `
      when i.price > b.rest or i.budget > b.rest or i.price > i.budget then 'over-budget'`,
  join: `
  left join lateral (
    select min(left_microcredits) as rest from colloquy.delegation_budgets b
    where b.tenant_id = i.tenant_id and b.task_id = any (i.budget_ids::uuid[])
  ) b on true`,
  stored: ', chain, budget_ids',
  chain: `, case when budget_left is null then chain::jsonb else chain::jsonb || jsonb_build_object('budgetLeft', budget_left) end,
    budget_ids::uuid[]`,
  budgets: `,
spent as (
  update colloquy.delegation_budgets b set left_microcredits = b.left_microcredits - d.price
  from decided d
  where d.outcome = 'recorded' and d.price > 0 and b.tenant_id = d.tenant_id and b.task_id = any (d.budget_ids::uuid[])
),
granted as (
  insert into colloquy.delegation_budgets (tenant_id, task_id, budget_microcredits, left_microcredits)
  select tenant_id, task_id, budget, budget - price from decided where outcome = 'recorded' and budget is not null
)`,
  left: ', budget_left::float8 as budget_left',
};

const textOf = (parts: DelegationParts): string => `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'${parts.verdict}
      when i.total <= coalesce(w.available_microcredits, 0) then 'recorded'
      when i.price > coalesce(w.available_microcredits, 0) then 'insufficient'
      else 'crowded'
    end as outcome${parts.rest}
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::uuid[], $11::bigint[], $12::bigint[], string_to_array($13::text, chr(30)),
    string_to_array($14::text, chr(30), ''), string_to_array($15::text, chr(30)), $16::timestamptz[]${parts.arrays})
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, total, decision, send_options, submitted, status_at${parts.columns}, n)
  left join lateral (
    select task_id, fingerprint from colloquy.idempotency_keys k
    where k.tenant_id = i.tenant_id and k.key_hash = i.key_hash limit 1
  ) k on true
  left join lateral (
    select true as is_open from colloquy.agents a
    where a.tenant_id = i.tenant_id and a.agent_id = i.agent_id and a.deregistered_at is null limit 1
  ) a on true
  left join lateral (
    select available_microcredits from colloquy.wallets w where w.tenant_id = i.tenant_id limit 1
  ) w on true${parts.join}
),
new_tasks as (
  insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
    last_seq, node_id, attempt, reserved_microcredits, decision, send_options, created_at${parts.stored})
  select tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, 'submitted', status_at,
    1, node_id, 1, price, decision::jsonb, send_options, status_at${parts.chain}
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
)${parts.budgets}
select n::int as n, outcome, known_task_id, same_request, available${parts.left} from decided`;

const plainText = textOf(plain);
const delegatedText = textOf(delegated);
