import { uuidOf } from '../../../kernel/ids.ts';
import type { NewTask } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface RecordedRow {
  /** Which send of the batch, counted from 1. */
  readonly n: number;
  /** `crowded`: the wallet pays for this task, but not for it and all those before it. */
  readonly outcome: 'recorded' | 'known' | 'agent-closed' | 'insufficient' | 'crowded';
  readonly known_task_id: string | null;
  readonly same_request: boolean | null;
  /** What the wallet held before the batch. */
  readonly available: bigint;
}

/**
 * Records a batch of sends and judges each alone: a key used before, a closed agent, too few credits. The wallets of its
 * tenants are locked, so keys and balances cannot change while it reads them. No two sends of a batch have the same key.
 */
export function recordTasks(tasks: readonly NewTask[]): Statement<RecordedRow> {
  return {
    name: 'record-tasks',
    text,
    values: [
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
    ],
  };
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

const text = `
with decided as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    coalesce(w.available_microcredits, 0) as available,
    case
      when k.task_id is not null then 'known'
      when a.is_open is null then 'agent-closed'
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
    where a.tenant_id = i.tenant_id and a.agent_id = i.agent_id and a.deregistered_at is null limit 1
  ) a on true
  left join lateral (
    select available_microcredits from colloquy.wallets w where w.tenant_id = i.tenant_id limit 1
  ) w on true
),
new_tasks as (
  insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
    last_seq, node_id, attempt, reserved_microcredits, decision, send_options, created_at)
  select tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, 'submitted', status_at,
    1, node_id, 1, price, decision::jsonb, send_options, status_at
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
select n::int as n, outcome, known_task_id, same_request, available from decided`;
