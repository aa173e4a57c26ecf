import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewTask, RecordOutcome } from '../../../modules/tasks/index.ts';
import { plainArray } from '../array-literal.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import { insertFirstSubscriptions } from '../insert-first-subscriptions.ts';
import { lockSlots } from '../lock-slots.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { openWindows } from './record-budgeted-tasks.ts';
import { recordTasks } from './record-tasks.ts';
import type { RecordedRow } from './recorded-row.ts';
import { tenantsOf } from './write-batch.ts';

/**
 * `again`: the outcome of this send depends on an earlier one of its batch, so it is recorded in a later batch. `unopened`: so is this send, after the
 * windows that pay for it were made, because no task was charged to one of them before.
 */
type BatchedRecording = RecordOutcome | 'again' | 'unopened';

/**
 * Records sends in one transaction. The wallets of all their tenants are locked first, in one order, so no two batches wait for
 * each other, and what a batch finds in them and among the keys holds until it is committed.
 */
export async function recordBatch(pool: DatabasePool, tasks: readonly NewTask[]): Promise<readonly BatchedRecording[]> {
  const firsts = firstUses(tasks);
  const tenantIds = tenantsOf(firsts);
  const more = [...aliasesOf(firsts), ...subscriptionsOf(firsts), ...replaysOf(firsts)];
  const queueable = firsts.filter(({ queueing }) => queueing !== undefined);
  // A statement of its own, behind the lock of the wallets: what the next one reads is what was committed before.
  const locks = queueable.length === 0 ? [] : [lockSlots(queueable)];
  const statements = [lockWallets(tenantIds), ...locks, recordTasks(firsts), ...more];
  const results = await inTransaction(pool, { tenantIds }, statements);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rows of the statement that records
  const rows = (results[1 + locks.length]?.rows ?? []) as readonly RecordedRow[];
  const outcomes = outcomesOf(firsts, rows);
  return tasks.map((task) => outcomes.get(task) ?? 'again');
}

/** Makes the windows of an `unopened` send, in a transaction of its own: when it fails, nothing was recorded. Idempotent. */
export async function openWindowsOf(pool: DatabasePool, task: NewTask): Promise<void> {
  const tenantIds = [uuidOf(task.tenantId)];
  await inTransaction(pool, { tenantIds }, [lockWallets(tenantIds), openWindows(task)]);
}

/** The statement that stores the names of named tasks; none when no task is named. */
function aliasesOf(tasks: readonly NewTask[]): readonly Statement[] {
  const named = tasks.filter(({ isNamed }) => isNamed === true);
  return named.length === 0 ? [] : [insertTaskAliases(named)];
}

/** The statement that stores the subscriptions of the sends; none when there are none. */
function subscriptionsOf(tasks: readonly NewTask[]): readonly Statement[] {
  const items = tasks.flatMap(({ subscription, nodeId, queueing }) =>
    subscription === undefined
      ? []
      : [{ subscription, nodeId, attempt: 1, afterSeq: 0, mayQueue: queueing !== undefined }],
  );
  return items.length === 0 ? [] : [insertFirstSubscriptions(items)];
}

/** The statements that write the audit entries of replays. */
function replaysOf(tasks: readonly NewTask[]): readonly Statement[] {
  return tasks.flatMap((task) => (task.replayed === undefined ? [] : [insertReplayEntry(task, task.replayed)]));
}

/** The first send under each idempotency key, and of each delegation chain with a budget. */
function firstUses(tasks: readonly NewTask[]): readonly NewTask[] {
  const seen = new Set<string>();
  return tasks.filter(({ tenantId, keyHash, delegation }) => {
    const isFirst = seen.size < seen.add(tenantId + keyHash).size;
    if (!isFirst || delegation === undefined || delegation.budgetTaskIds.length === 0) return isFirst;
    return seen.size < seen.add(delegation.chain.root).size;
  });
}

function outcomesOf(tasks: readonly NewTask[], rows: readonly RecordedRow[]): ReadonlyMap<NewTask, BatchedRecording> {
  const byPlace = new Map(rows.map((row) => [row.n - 1, row]));
  const purses = new Map<TenantId, Purse>();
  return new Map(
    tasks.map((task, at) => {
      const row = byPlace.get(at);
      if (row === undefined) throw new Error('A recording has no outcome.');
      const purse = purses.get(task.tenantId) ?? { spent: 0n, spentOfWindows: new Map(), isEveryOneRecorded: true };
      purses.set(task.tenantId, purse);
      const outcome = judge(task, row, purse);
      if (row.outcome === 'recorded') spend(task, purse);
      else purse.isEveryOneRecorded = false;
      return [task, outcome];
    }),
  );
}

function spend({ reserveMicrocredits, budgets }: NewTask, purse: Purse): void {
  purse.spent += reserveMicrocredits;
  for (const { windowId } of budgets?.windows ?? [])
    purse.spentOfWindows.set(windowId, (purse.spentOfWindows.get(windowId) ?? 0n) + reserveMicrocredits);
}

/** What the earlier sends of the batch took from a tenant's wallet, and from the windows of its budgets. */
interface Purse {
  spent: bigint;
  readonly spentOfWindows: Map<string, bigint>;
  isEveryOneRecorded: boolean;
}

function judge(task: NewTask, row: RecordedRow, purse: Purse): BatchedRecording {
  const { spent, isEveryOneRecorded } = purse;
  switch (row.outcome) {
    case 'recorded':
      return recorded(row);
    case 'agent-closed':
    case 'outdated':
    case 'over-budget':
      return { kind: row.outcome };
    case 'unopened':
      return 'unopened';
    case 'budget-crowded':
      if (!isEveryOneRecorded) return 'again';
      return budgetExceeded(task, row, purse);
    case 'budget-exceeded':
      return budgetExceeded(task, row, purse);
    case 'crowded':
      // The compared running total includes every earlier send, also a refused one, whose credits this send may have.
      if (!isEveryOneRecorded) return 'again';
      return insufficient(task, row.available - spent);
    case 'insufficient':
      return insufficient(task, row.available - spent);
    case 'known': {
      const taskId = idOf('tsk', row.known_task_id ?? '');
      // An earlier attempt of this very item was committed.
      if (taskId === task.taskId) return recorded(row);
      return { kind: 'known', taskId, sameRequest: row.same_request === true };
    }
  }
}

function recorded(row: RecordedRow): RecordOutcome {
  const { outcome, budget_left: budgetLeft, is_queued: isQueued, is_context_unmapped: isContextUnmapped } = row;
  return {
    kind: 'recorded',
    ...(isContextUnmapped ? { isContextUnmapped } : {}),
    ...(budgetLeft === undefined || budgetLeft === null || outcome === 'known' ? {} : { budgetLeft }),
    ...(isQueued === true ? { isQueued } : {}),
  };
}

function insufficient(task: NewTask, availableMicrocredits: bigint): RecordOutcome {
  return { kind: 'insufficient', neededMicrocredits: task.reserveMicrocredits, availableMicrocredits };
}

function budgetExceeded(task: NewTask, row: RecordedRow, { spentOfWindows }: Purse): RecordOutcome {
  const windowId = (row.window_id ?? '').replaceAll('-', '');
  const window = task.budgets?.windows.find((one) => one.windowId === windowId);
  if (window === undefined) throw new Error('A recording was refused by no budget.');
  const leftMicrocredits = (row.window_left ?? 0n) - (spentOfWindows.get(windowId) ?? 0n);
  return { kind: 'budget-exceeded', window, neededMicrocredits: task.reserveMicrocredits, leftMicrocredits };
}

/**
 * Stores the names that callers gave to tasks, after the statement that records the tasks and in its transaction: a refused send names nothing. A
 * name's hash is the idempotency key of the send, so at most one send of a name is recorded. Idempotent.
 */
function insertTaskAliases(tasks: readonly NewTask[]): Statement {
  return {
    name: 'insert-task-aliases',
    text: aliasesText,
    values: [
      plainArray(tasks.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(tasks.map(({ keyHash }) => keyHash)),
      plainArray(tasks.map(({ taskId }) => uuidOf(taskId))),
    ],
  };
}

const aliasesText = `
insert into colloquy.task_aliases (tenant_id, alias_hash, task_id)
select i.tenant_id, i.alias_hash, i.task_id
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as i (tenant_id, alias_hash, task_id)
where exists (select from colloquy.tasks t where t.tenant_id = i.tenant_id and t.task_id = i.task_id)
on conflict (tenant_id, alias_hash) do nothing`;

/**
 * Records in the audit who replayed a dead-lettered task, after the statement that records the new task and in its transaction: a refused replay has
 * no entry. Idempotent.
 */
function insertReplayEntry({ tenantId, taskId }: NewTask, entry: NewAuditEntry): Statement {
  return {
    name: 'insert-replay-entry',
    text: replayText,
    values: [uuidOf(tenantId), ...auditEntryValues(entry), uuidOf(taskId)],
  };
}

const replayText = `
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select $1, $2, $3, $4, $5, $6, $7, $8
where exists (select from colloquy.tasks t where t.tenant_id = $1 and t.task_id = $9)
on conflict (tenant_id, entry_id) do nothing`;
