import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewTask, RecordOutcome, TaskWrite, WriteOutcome } from '../../../modules/tasks/index.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { recordOutcome, recordTasks } from './record-tasks.ts';
import type { RecordedRow } from './record-tasks.ts';
import { writeTasks } from './write-tasks.ts';
import type { WrittenRow } from './write-tasks.ts';

/** One thing to be written, in a batch with others. */
export type BatchItem = { readonly record: NewTask } | { readonly write: TaskWrite };

/** `repeated`: an earlier item of the batch has the same key, so the item is to be asked again. */
export type BatchOutcome = RecordOutcome | WriteOutcome | 'repeated';

/**
 * Records sends and writes events in one transaction. Both need the wallets of their tenants, so as two transactions they would
 * wait for each other, each through a commit of its own.
 */
export async function writeBatch(pool: DatabasePool, items: readonly BatchItem[]): Promise<readonly BatchOutcome[]> {
  const tasks = items.flatMap((item) => ('record' in item ? [item.record] : []));
  const writes = items.flatMap((item) => ('write' in item ? [item.write] : []));
  const tenantIds = tenantsOf([...tasks, ...writes]);
  const paying = tenantsOf([...tasks, ...writes.filter(({ end }) => end !== null)]);
  if (writes.length === 0) return recordAll(pool, { tenantIds, paying, tasks });
  if (tasks.length === 0) return writeAll(pool, { tenantIds, paying, writes });
  const ordered = inTaskOrder(writes);
  const statements = [lockWallets(paying), writeTasks(ordered), recordTasks(tasks)] as const;
  const [, written, recorded] = await inTransaction(pool, { tenantIds }, statements);
  const outcomes = new Map<NewTask | TaskWrite, BatchOutcome>([
    ...writeOutcomes(ordered, written.rows),
    ...recordOutcomes(tasks, recorded.rows),
  ]);
  return items.map((item) => outcomeOf(outcomes, 'record' in item ? item.record : item.write));
}

interface Concerned {
  /** uuids of every tenant in the batch, and of those whose wallets it moves. */
  readonly tenantIds: readonly string[];
  readonly paying: readonly string[];
}

async function recordAll(
  pool: DatabasePool,
  { tenantIds, paying, tasks }: Concerned & { readonly tasks: readonly NewTask[] },
): Promise<readonly BatchOutcome[]> {
  const [, { rows }] = await inTransaction(pool, { tenantIds }, [lockWallets(paying), recordTasks(tasks)]);
  return recordOutcomes(tasks, rows).map(([, outcome]) => outcome);
}

async function writeAll(
  pool: DatabasePool,
  { tenantIds, paying, writes }: Concerned & { readonly writes: readonly TaskWrite[] },
): Promise<readonly BatchOutcome[]> {
  const ordered = inTaskOrder(writes);
  const [, { rows }] = await inTransaction(pool, { tenantIds }, [lockWallets(paying), writeTasks(ordered)]);
  const outcomes = new Map<NewTask | TaskWrite, BatchOutcome>(writeOutcomes(ordered, rows));
  return writes.map((write) => outcomeOf(outcomes, write));
}

/** The order in which every batch locks its tasks. */
function inTaskOrder(writes: readonly TaskWrite[]): readonly TaskWrite[] {
  return writes.toSorted((one, other) => (one.taskId < other.taskId ? -1 : 1));
}

function recordOutcomes(tasks: readonly NewTask[], rows: readonly RecordedRow[]): readonly [NewTask, BatchOutcome][] {
  return tasks.map((task, at) => {
    const row = rows[at];
    if (row === undefined) throw new Error('A recording has no outcome.');
    return [task, recordOutcome(task, row) ?? 'repeated'];
  });
}

function writeOutcomes(
  writes: readonly TaskWrite[],
  rows: readonly WrittenRow[],
): readonly [TaskWrite, BatchOutcome][] {
  return writes.map((write, at) => [write, rows[at]?.is_written === true ? 'written' : 'stale']);
}

function outcomeOf(outcomes: ReadonlyMap<NewTask | TaskWrite, BatchOutcome>, item: NewTask | TaskWrite): BatchOutcome {
  const outcome = outcomes.get(item);
  if (outcome === undefined) throw new Error('A batch lost an outcome.');
  return outcome;
}

function tenantsOf(items: readonly { readonly tenantId: TenantId }[]): readonly string[] {
  return [...new Set(items.map(({ tenantId }) => uuidOf(tenantId)))];
}
