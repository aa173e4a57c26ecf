import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { BudgetStatus, BudgetStore } from '../../../modules/budgets/index.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { setBudget, unsetBudget } from './change-budget.ts';

/** Budgets in PostgreSQL, over a pool of the application's role. */
export function createBudgetStore(pool: DatabasePool): BudgetStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async list(tenantId, { after, limit }) {
      const rows = await read(tenantId, listBudgets(tenantId, after, limit + 1));
      return pageOf(rows.map(statusOf), limit, ({ budget }) => budget.name);
    },
    async find(tenantId, name) {
      const [row] = await read(tenantId, findBudget(tenantId, name));
      return row === undefined ? null : statusOf(row);
    },
    async readReserved(tenantId, name) {
      const [row] = await read(tenantId, sumReserved(tenantId, name));
      return row?.reserved ?? 0n;
    },
    async set(draft, entry) {
      const tenantIds = [uuidOf(entry.tenantId)];
      // Each statement has its own snapshot: the second judges and adjusts what recordings committed before it got the lock.
      const statements = [
        lockWallets(tenantIds),
        setBudget(draft, entry),
        findBudget(entry.tenantId, draft.name),
      ] as const;
      const [, set, found] = await whenAvailable(inTransaction(pool, { tenantIds }, statements));
      const [row] = found.rows;
      if (set.rows.length === 0 || row === undefined) return { kind: 'full' };
      return { kind: 'set', status: statusOf(row) };
    },
    async unset(name, entry) {
      const tenantIds = [uuidOf(entry.tenantId)];
      const statements = [lockWallets(tenantIds), unsetBudget(name, entry)] as const;
      const [, unset] = await whenAvailable(inTransaction(pool, { tenantIds }, statements));
      return unset.rows.length === 1;
    },
  };
}

export const budgetPorts = (pool: DatabasePool) => ({ budgets: createBudgetStore(pool) });

interface BudgetRow {
  readonly name: string;
  readonly budget_id: string;
  readonly scope: BudgetStatus['budget']['scope'];
  readonly subject: string;
  readonly limit_microcredits: bigint;
  readonly period: BudgetStatus['budget']['period'];
  readonly mode: BudgetStatus['budget']['mode'];
  readonly alert_percents: readonly number[];
  readonly burn_rate_factor: number | null;
  readonly changed_by: string;
  readonly changed_at: Date;
  readonly starts_at: Date;
  readonly ends_at: Date | null;
  /** Null before the first task of the window. */
  readonly left_microcredits: bigint | null;
  readonly at: Date;
}

function statusOf(row: BudgetRow): BudgetStatus {
  const leftMicrocredits = row.left_microcredits ?? row.limit_microcredits;
  return {
    budget: {
      name: row.name,
      budgetId: row.budget_id.replaceAll('-', ''),
      scope: row.scope,
      subject: row.subject,
      limitMicrocredits: row.limit_microcredits,
      period: row.period,
      mode: row.mode,
      alertPercents: row.alert_percents,
      burnRateFactor: row.burn_rate_factor,
      changedBy: row.changed_by,
      changedAt: row.changed_at,
    },
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    spentMicrocredits: row.limit_microcredits - leftMicrocredits,
    leftMicrocredits,
    at: row.at,
  };
}

/** Budgets `b` with their current windows `d`. */
const currentWindows = `
  from colloquy.budgets b
  cross join lateral (
    select case b.period when 'total' then to_timestamp(0) else date_trunc(b.period, colloquy.now_utc(), 'UTC') end as starts_at
  ) p
  left join colloquy.delegation_budgets d
    on d.tenant_id = b.tenant_id and d.budget_id = b.budget_id and d.starts_at = p.starts_at`;

const budgetColumns = `
  b.name, b.budget_id, b.scope, b.subject, b.limit_microcredits, b.period, b.mode, b.alert_percents, b.burn_rate_factor, b.changed_by,
  b.changed_at, p.starts_at, d.left_microcredits, colloquy.now_utc() as at,
  case when b.period <> 'total' then (p.starts_at at time zone 'UTC' + ('1 ' || b.period)::interval) at time zone 'UTC' end as ends_at`;

const listText = `
  select ${budgetColumns} ${currentWindows}
  where b.tenant_id = $1 and b.name > $2 order by b.name limit $3`;

function listBudgets(tenantId: TenantId, after: string | null, rows: number): Statement<BudgetRow> {
  return { name: 'list-budgets', text: listText, values: [uuidOf(tenantId), after ?? '', rows] };
}

const findText = `
  select ${budgetColumns} ${currentWindows}
  where b.tenant_id = $1 and b.name = $2`;

function findBudget(tenantId: TenantId, name: string): Statement<BudgetRow> {
  return { name: 'find-budget', text: findText, values: [uuidOf(tenantId), name] };
}

// An open task has a node, waits for its caller, or waits in a queue; there is a small index of each.
const reservedText = `
  with w as materialized (
    select array[d.task_id] as window_ids ${currentWindows}
    where b.tenant_id = $1 and b.name = $2 and d.task_id is not null
  ),
  open_tasks as (
    select t.task_id, t.reserved_microcredits, t.budget_ids from colloquy.tasks t where t.tenant_id = $1 and t.node_id is not null
    union
    select t.task_id, t.reserved_microcredits, t.budget_ids from colloquy.tasks t where t.tenant_id = $1 and t.waiting_since is not null
    union
    select t.task_id, t.reserved_microcredits, t.budget_ids from colloquy.tasks t where t.tenant_id = $1 and t.queue_rank is not null
  )
  select coalesce(sum(o.reserved_microcredits), 0)::bigint as reserved
  from open_tasks o join w on o.budget_ids @> w.window_ids`;

/** What the open tasks of the budget's current window hold. */
export function sumReserved(tenantId: TenantId, name: string): Statement<{ readonly reserved: bigint }> {
  return { name: 'sum-reserved-of-budget', text: reservedText, values: [uuidOf(tenantId), name] };
}
