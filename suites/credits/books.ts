import type { DatabasePool } from '@colloquy/server/test';
import { walletFaults } from '../chaos/checks/ledger.ts';
import type { EntryLine } from './expected-entries.ts';
import { entryLine } from './expected-entries.ts';

interface BookRow {
  readonly tenantId: string;
  readonly granted: bigint;
  readonly available: bigint;
  readonly reserved: bigint;
  readonly used: bigint;
  readonly expired: bigint;
  readonly overage: bigint;
  /** Sums of the entries by kind, as text. */
  readonly entries: Readonly<Record<string, string>> | null;
  /** What the open tasks hold. */
  readonly held: bigint;
  /** What is left of grants that will expire, and what was available when that was computed. */
  readonly left: bigint;
  readonly checkedAvailable: bigint;
}

// One statement, so all of it is of one moment between two commits.
const booksText = `
  select w.tenant_id::text as "tenantId", w.granted_microcredits as granted, w.available_microcredits as available,
    w.reserved_microcredits as reserved, w.used_microcredits as used, w.expired_microcredits as expired, w.overage_microcredits as overage,
    (select jsonb_object_agg(kind, amount::text) from (
      select kind, sum(amount_microcredits) as amount from colloquy.ledger_entries e where e.tenant_id = w.tenant_id group by kind) k) as entries,
    (select coalesce(sum(reserved_microcredits), 0)::bigint from colloquy.tasks t
      where t.tenant_id = w.tenant_id and t.state in ('submitted', 'working', 'input-required', 'auth-required')) as held,
    (select coalesce(sum(left_microcredits), 0)::bigint from colloquy.credit_grants g where g.tenant_id = w.tenant_id) as left,
    w.checked_available_microcredits as "checkedAvailable"
  from colloquy.wallets w where w.tenant_id = any ($1::uuid[])`;

interface WindowRow {
  readonly windowId: string;
  readonly spent: bigint;
  readonly charged: bigint;
}

// The windows of budgets whose tasks have reserved and paid another amount than the window has spent.
const windowsText = `
  select b.task_id::text as "windowId", b.budget_microcredits - b.left_microcredits as spent, c.charged
  from colloquy.delegation_budgets b
  cross join lateral (
    select coalesce(sum(case when e.kind in ('reserve', 'charge', 'overage') then e.amount_microcredits
        when e.kind in ('release', 'expire') then -e.amount_microcredits end), 0)::bigint as charged
    from colloquy.tasks t join colloquy.ledger_entries e on e.tenant_id = t.tenant_id and e.reservation_id = t.task_id
    where t.tenant_id = b.tenant_id and b.task_id = any (t.budget_ids)
  ) c
  where b.tenant_id = any ($1::uuid[]) and b.budget_id is not null and b.budget_microcredits - b.left_microcredits <> c.charged`;

/** What is wrong with the books of these tenants at this moment: identity, accounts below zero, sums of the entries, open holds, budgets. */
export async function findBookFaults(admin: DatabasePool, tenantIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await admin.query<BookRow>(booksText, [tenantIds]);
  const windows = await admin.query<WindowRow>(windowsText, [tenantIds]);
  const missing = tenantIds.length === rows.length ? [] : ['a wallet is missing'];
  const budgets = windows.rows.map(
    ({ windowId, spent, charged }) => `the budget window ${windowId} has ${spent} spent, and its tasks have ${charged}`,
  );
  return [...missing, ...budgets, ...rows.flatMap(bookFaults)];
}

function bookFaults({ entries, held, left, checkedAvailable, ...wallet }: BookRow): readonly string[] {
  const sums = Object.entries(entries ?? {}).map(([kind, amount]) => ({
    tenantId: wallet.tenantId,
    reservationId: kind,
    kind,
    amount: BigInt(amount),
  }));
  const faults = walletFaults(wallet, sums).map(({ subject, detail }) => `${subject} ${detail}`);
  if (held !== wallet.reserved)
    faults.push(`${wallet.tenantId} reserved is ${wallet.reserved}, its open tasks hold ${held}`);
  if (left > checkedAvailable)
    faults.push(`${wallet.tenantId} has ${left} left of grants, of ${checkedAvailable} available`);
  return faults;
}

interface LineRow {
  readonly tenantId: string;
  readonly reservationId: string;
  readonly kind: string;
  readonly amount: bigint;
}

// What was not collected has no entry; the audit entry of the task says it.
const linesText = `
  with excess as (
    select tenant_id, replace(reservation_id::text, '-', '') as id, amount_microcredits as amount from colloquy.ledger_entries
    where tenant_id = any ($1::uuid[]) and kind in ('charge', 'overage')
    union all
    select tenant_id, replace(resource, 'tsk_', ''), (facts ->> 'uncollectedMicrocredits')::bigint from colloquy.audit_entries
    where tenant_id = any ($1::uuid[]) and action = 'task.completed' and facts ? 'uncollectedMicrocredits'
  )
  select replace(tenant_id::text, '-', '') as "tenantId", replace(reservation_id::text, '-', '') as "reservationId", kind,
    amount_microcredits as amount
  from colloquy.ledger_entries where tenant_id = any ($1::uuid[]) and kind not in ('charge', 'overage', 'repay', 'lapse')
  union all
  select replace(tenant_id::text, '-', ''), id, 'excess', sum(amount)::bigint from excess group by tenant_id, id`;

/**
 * The ledger of these tenants, in the words in which the model says what it must be. How much is repaid, and what is left of a grant that expires,
 * depends on what else goes on at that moment; `findGrantFaults` bounds both.
 */
export async function readEntryLines(admin: DatabasePool, tenantIds: readonly string[]): Promise<readonly EntryLine[]> {
  const { rows } = await admin.query<LineRow>(linesText, [tenantIds]);
  return rows.map(({ tenantId, reservationId, kind, amount }) => entryLine(tenantId, reservationId, kind, amount));
}

/** Policies bound what a tenant owes: nothing without `debit`, and never more than its maximum. */
export async function findDebtFaults(
  admin: DatabasePool,
  debtors: readonly { readonly tenantId: string; readonly overageMaxMicrocredits: bigint }[],
): Promise<readonly string[]> {
  const { rows } = await admin.query<{ tenantId: string; overage: bigint }>(
    `select replace(tenant_id::text, '-', '') as "tenantId", overage_microcredits as overage from colloquy.wallets where tenant_id = any ($1::uuid[])`,
    [debtors.map(({ tenantId }) => tenantId)],
  );
  return debtors.flatMap(({ tenantId, overageMaxMicrocredits }) => {
    const overage = rows.find((row) => row.tenantId === tenantId)?.overage ?? 0n;
    return overage <= overageMaxMicrocredits
      ? []
      : [`${tenantId} owes ${overage}, and may owe ${overageMaxMicrocredits}`];
  });
}

const grantFaultsText = `
  select e.reservation_id::text as "reservationId",
    coalesce(sum(amount_microcredits) filter (where kind in ('grant', 'transfer-in')), 0)::bigint as given,
    coalesce(sum(amount_microcredits) filter (where kind in ('repay', 'lapse')), 0)::bigint as gone
  from colloquy.ledger_entries e where tenant_id = any ($1::uuid[]) and kind in ('grant', 'transfer-in', 'repay', 'lapse')
  group by tenant_id, reservation_id
  having coalesce(sum(amount_microcredits) filter (where kind in ('repay', 'lapse')), 0)
    > coalesce(sum(amount_microcredits) filter (where kind in ('grant', 'transfer-in')), 0)`;

/** Of a grant no more is repaid or expires than it gave. */
export async function findGrantFaults(admin: DatabasePool, tenantIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await admin.query<{ reservationId: string; given: bigint; gone: bigint }>(grantFaultsText, [
    tenantIds,
  ]);
  return rows.map(
    ({ reservationId, given, gone }) => `grant ${reservationId} gave ${given}, and ${gone} of it is gone`,
  );
}

/** How much of the grants of a tenant has expired. */
export async function readExpired(admin: DatabasePool, tenantId: string): Promise<bigint> {
  const { rows } = await admin.query<{ expired: bigint }>(
    'select expired_microcredits as expired from colloquy.wallets where tenant_id = $1',
    [tenantId],
  );
  return rows[0]?.expired ?? 0n;
}

/** How many entries of each kind there are. */
export async function countEntries(admin: DatabasePool): Promise<Readonly<Record<string, number>>> {
  const { rows } = await admin.query<{ kind: string; count: number }>(
    'select kind, count(*)::int as count from colloquy.ledger_entries group by kind order by kind',
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}
