import assert from 'node:assert/strict';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId, TenantId } from '../src/kernel/ids.ts';
import type { LedgerEntryKind } from '../src/modules/metering/index.ts';
import type { TaskSetting } from './task-setting.ts';

type Rows = Pick<TaskSetting, 'rows'>;

/** Only status events are parsed: `jsonb` cannot hold every text that an agent may say. */
const endState = `(case when e.kind in ('status', 'reply') then e.payload::jsonb -> 'statusUpdate' -> 'status' ->> 'state' end)`;
const endStates = `('TASK_STATE_COMPLETED', 'TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED')`;

/** The sum of the entries of these kinds. */
const sumOf = (...kinds: readonly LedgerEntryKind[]): string =>
  `coalesce(sum(amount_microcredits) filter (where kind in (${kinds.map((kind) => `'${kind}'`).join()})), 0)`;

/**
 * Each names a promise and finds the tenants or tasks of the whole database that break it. They read what every release must keep,
 * so they know nothing of how the rows were written.
 */
const breaches = {
  'a wallet equals the sums of its ledger': `
    select w.tenant_id::text as who from colloquy.wallets w
    left join (
      select tenant_id,
        ${sumOf('grant', 'transfer-in')} - ${sumOf('transfer-out')} as granted,
        ${sumOf('grant', 'transfer-in', 'release', 'expire')}
          - ${sumOf('reserve', 'charge', 'repay', 'lapse', 'transfer-out')} as available,
        ${sumOf('reserve')} - ${sumOf('settle', 'release', 'expire')} as reserved,
        ${sumOf('settle', 'charge', 'overage')} as used,
        ${sumOf('lapse')} as expired,
        ${sumOf('overage')} - ${sumOf('repay')} as overage
      from colloquy.ledger_entries group by tenant_id
    ) l using (tenant_id)
    where (granted_microcredits, available_microcredits, reserved_microcredits, used_microcredits, expired_microcredits, overage_microcredits)
      is distinct from (coalesce(l.granted, 0), coalesce(l.available, 0), coalesce(l.reserved, 0), coalesce(l.used, 0), coalesce(l.expired, 0),
        coalesce(l.overage, 0))
      or granted_microcredits + overage_microcredits
        <> available_microcredits + reserved_microcredits + used_microcredits + expired_microcredits`,
  'what is left of grants with an expiry is within what is available': `
    select w.tenant_id::text as who from colloquy.wallets w
    where (select sum(g.left_microcredits) from colloquy.credit_grants g where g.tenant_id = w.tenant_id) > w.checked_available_microcredits`,
  'a reservation is closed at most once, and whole: what is not settled of it is released': `
    select e.reservation_id::text as who
    from colloquy.ledger_entries e left join colloquy.tasks t on t.tenant_id = e.tenant_id and t.task_id = e.reservation_id
    where e.kind in ('reserve', 'settle', 'release', 'expire', 'charge', 'overage')
    group by e.tenant_id, e.reservation_id
    having count(*) filter (where kind = 'reserve') is distinct from max((t.reserved_microcredits > 0)::int)
      or ${sumOf('settle', 'release', 'expire')} not in (0, ${sumOf('reserve')})
      or ${sumOf('charge', 'overage')} > 0 and ${sumOf('settle')} <> ${sumOf('reserve')}`,
  'credits are held for open tasks and for nothing else': `
    select w.tenant_id::text as who from colloquy.wallets w
    where reserved_microcredits <> coalesce((
      select sum(t.reserved_microcredits) from colloquy.tasks t
      where t.tenant_id = w.tenant_id and t.state in ('submitted', 'working', 'input-required', 'auth-required')), 0)`,
  'a budget was charged what its tasks hold and used': `
    select b.task_id::text as who from colloquy.delegation_budgets b
    where budget_microcredits - left_microcredits <> coalesce((
      select sum(case l.kind when 'reserve' then l.amount_microcredits when 'charge' then l.amount_microcredits
        when 'overage' then l.amount_microcredits when 'settle' then 0 else -l.amount_microcredits end)
      from colloquy.tasks t join colloquy.ledger_entries l on l.tenant_id = t.tenant_id and l.reservation_id = t.task_id
      where t.tenant_id = b.tenant_id and b.task_id = any (t.budget_ids)), 0)`,
  'a log is 1, 2, 3 … up to the last sequence of its task': `
    select t.task_id::text as who from colloquy.tasks t left join colloquy.task_events e using (tenant_id, task_id)
    group by t.tenant_id, t.task_id
    having count(e.seq) <> max(t.last_seq) or max(e.seq) <> max(t.last_seq) or min(e.seq) <> 1`,
  'no event is without its task': `
    select task_id::text as who from colloquy.task_events e
    where not exists (select from colloquy.tasks t where t.tenant_id = e.tenant_id and t.task_id = e.task_id)`,
  'a task that ended has one last event that says so, an open one has none': `
    select t.task_id::text as who from colloquy.tasks t join colloquy.task_events e using (tenant_id, task_id)
    group by t.tenant_id, t.task_id
    having count(*) filter (where coalesce(${endState} in ${endStates}, false)) <> (max(t.state) in ('completed', 'failed', 'canceled', 'rejected'))::int
      or bool_or(${endState} in ${endStates} and e.seq <> t.last_seq)`,
  'a task that ended has one audit entry of its end, an open one none': `
    select t.task_id::text as who from colloquy.tasks t left join colloquy.audit_entries a
      on a.tenant_id = t.tenant_id and a.resource = 'tsk_' || replace(t.task_id::text, '-', '') and a.action <> 'task.replayed'
    group by t.tenant_id, t.task_id
    having count(a.entry_id) <> (max(t.state) in ('completed', 'failed', 'canceled', 'rejected'))::int`,
  'a task waits since some time or does not wait': `
    select task_id::text as who from colloquy.tasks
    where (waiting_since is not null) <> (state in ('input-required', 'auth-required'))`,
  'a task has a next check exactly while it waits for an authorization': `
    select task_id::text as who from colloquy.tasks where (next_look_at is not null) <> (state = 'auth-required')`,
  'an idempotency key leads to a task': `
    select key_hash::text as who from colloquy.idempotency_keys k
    where not exists (select from colloquy.tasks t where t.tenant_id = k.tenant_id and t.task_id = k.task_id)`,
} as const;

/** Fails with the promise that is broken and the task that breaks it. */
export async function assertBooksAreSound({ rows }: Rows): Promise<void> {
  for (const [promise, query] of Object.entries(breaches)) {
    assert.deepEqual(await rows(query), [], promise);
  }
}

export interface Purse {
  readonly granted: bigint;
  readonly available: bigint;
  readonly reserved: bigint;
  readonly used: bigint;
}

export async function purseOf({ rows }: Rows, tenantId: TenantId): Promise<Purse> {
  const [purse] = await rows<Purse>(
    `select granted_microcredits as granted, available_microcredits as available, reserved_microcredits as reserved,
      used_microcredits as used from colloquy.wallets where tenant_id = $1`,
    uuidOf(tenantId),
  );
  assert.ok(purse !== undefined);
  return purse;
}

/** How many rows a tenant has in a table, or a task when it is given. */
export async function countRows({ rows }: Rows, table: string, tenantId: TenantId, taskId?: TaskId): Promise<number> {
  const ofTask = taskId === undefined ? '' : ' and task_id = $2';
  const values = taskId === undefined ? [uuidOf(tenantId)] : [uuidOf(tenantId), uuidOf(taskId)];
  const [row] = await rows<{ n: number }>(
    `select count(*)::int as n from colloquy.${table} where tenant_id = $1${ofTask}`,
    ...values,
  );
  return row?.n ?? 0;
}
