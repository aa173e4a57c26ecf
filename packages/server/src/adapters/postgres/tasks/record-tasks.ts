import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NewTask, RecordOutcome } from '../../../modules/tasks/index.ts';
import { joinedJson, plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface RecordedRow {
  readonly outcome: 'recorded' | 'known' | 'repeated' | 'agent-closed' | 'insufficient';
  readonly known_task_id: string | null;
  readonly same_request: boolean | null;
  /** What the wallet held when the turn of this item came. */
  readonly available: bigint | null;
}

/**
 * Records a batch of sends and judges each alone: a key used before, a closed agent, too few credits. The wallets of its
 * tenants are locked, so keys and balances cannot change while it reads them. A refusal leaves an audit entry and nothing else.
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
      joinedJson(tasks.map(({ decision }) => decision)),
      joinedJson(tasks.map(({ sendOptions }) => sendOptions ?? '')),
      joinedJson(tasks.map(({ submitted }) => submitted)),
      plainArray(tasks.map(({ statusAtMs }) => new Date(statusAtMs).toISOString())),
    ],
  };
}

/** What the row says of its task; null for a key that an earlier item of the same batch uses: it is to be asked again. */
export function recordOutcome(task: NewTask, row: RecordedRow): RecordOutcome | null {
  switch (row.outcome) {
    case 'recorded':
    case 'agent-closed':
      return { kind: row.outcome };
    case 'repeated':
      return null;
    case 'insufficient':
      return {
        kind: 'insufficient',
        neededMicrocredits: task.reserveMicrocredits,
        availableMicrocredits: row.available ?? 0n,
      };
    case 'known': {
      const taskId = idOf('tsk', row.known_task_id ?? '');
      // An earlier try of this very item had been committed.
      if (taskId === task.taskId) return { kind: 'recorded' };
      return { kind: 'known', taskId, sameRequest: row.same_request === true };
    }
  }
}

const text = `
with input as (
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::uuid[], $11::bigint[], string_to_array($12::text, chr(30)), string_to_array($13::text, chr(30), ''),
    string_to_array($14::text, chr(30)), $15::timestamptz[])
  with ordinality as i (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, node_id,
    key_hash, fingerprint, price, decision, send_options, submitted, status_at, n)
),
judged as materialized (
  select i.*, k.task_id as known_task_id, k.fingerprint = i.fingerprint as same_request,
    a.is_open is not null as is_open, coalesce(w.available_microcredits, 0) as available,
    row_number() over (partition by i.tenant_id, i.key_hash order by i.n) as use
  from input i
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
spending as (
  select j.*, known_task_id is null and use = 1 and is_open as is_eligible,
    colloquy.spent_within(case when known_task_id is null and use = 1 and is_open then price else 0 end, available)
      over (partition by tenant_id order by n) as spent
  from judged j
),
decided as materialized (
  select s.*, case
      when known_task_id is not null then 'known'
      when use > 1 then 'repeated'
      when not is_open then 'agent-closed'
      when spent - coalesce(lag(spent) over (partition by tenant_id order by n), 0) = price then 'recorded'
      else 'insufficient'
    end as outcome
  from spending s
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
),
refused as (
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, task_id, owner_id, 'task.refused', 'refused', 'agents/' || (decision::jsonb ->> 'agent'), request_id,
    jsonb_build_object('code', case outcome when 'insufficient' then 'credits.insufficient' else 'registry.agent-unknown' end)
  from decided where outcome in ('insufficient', 'agent-closed')
  -- An earlier try of the same item may have been committed before its answer was lost.
  on conflict (tenant_id, entry_id) do nothing
)
select outcome, known_task_id, same_request, available - spent as available from decided order by n`;
