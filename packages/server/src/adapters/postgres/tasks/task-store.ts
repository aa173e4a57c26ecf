import type { Clock } from '../../../kernel/clock.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewTask, RecordOutcome, TaskStore, TaskWrite, WriteOutcome } from '../../../modules/tasks/index.ts';
import { BatchWriter } from '../batch-writer.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { recordOutcome, recordTasks } from './record-tasks.ts';
import { createTaskClaims } from './task-claims.ts';
import { createTaskReader } from './task-reader.ts';
import { writeTasks } from './write-tasks.ts';

/** Tasks in PostgreSQL. `writers` serves the shared batches, `readers` everything else, so that neither waits for the other. */
export function createTaskStore(writers: DatabasePool, readers: DatabasePool, clock: Clock): TaskStore {
  const recordings = batches(clock, (items: readonly NewTask[]) => record(writers, items));
  const writings = batches(clock, (items: readonly TaskWrite[]) => write(writers, items));
  const reader = createTaskReader(readers);
  return {
    ...reader,
    ...createTaskClaims(readers, reader, clock),
    async record(task) {
      for (;;) {
        const outcome = await recordings.submit(task);
        // The same key was in the same batch: now the first of them is committed, so the answer is known.
        if (outcome !== 'repeated') return outcome;
      }
    },
    write: (one) => writings.submit(one),
  };
}

function batches<Item, Outcome>(
  clock: Clock,
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): BatchWriter<Item, Outcome> {
  const { batchItemsMax, batchesInFlightMax, batchQueueItemsMax: queueItemsMax } = limits;
  return new BatchWriter({ write, clock, batchItemsMax, batchesInFlightMax, queueItemsMax });
}

async function record(pool: DatabasePool, tasks: readonly NewTask[]): Promise<readonly (RecordOutcome | 'repeated')[]> {
  const tenantIds = distinct(tasks.map(({ tenantId }) => uuidOf(tenantId)));
  const [, { rows }] = await inTransaction(pool, { tenantIds }, [lockWallets(tenantIds), recordTasks(tasks)]);
  return tasks.map((task, at) => {
    const row = rows[at];
    if (row === undefined) throw new Error('A recording has no outcome.');
    return recordOutcome(task, row) ?? 'repeated';
  });
}

async function write(pool: DatabasePool, writes: readonly TaskWrite[]): Promise<readonly WriteOutcome[]> {
  const tenantIds = distinct(writes.map(({ tenantId }) => uuidOf(tenantId)));
  const paying = distinct(writes.filter(({ end }) => end !== null).map(({ tenantId }) => uuidOf(tenantId)));
  const order = writes.map((_, at) => at).sort((a, b) => compare(writes[a]?.taskId, writes[b]?.taskId));
  const ordered = order.flatMap((at) => writes[at] ?? []);
  const statements = [lockWallets(paying), writeTasks(ordered)] as const;
  const [, { rows }] = await inTransaction(pool, { tenantIds }, statements);
  const outcomes = writes.map((): WriteOutcome => 'stale');
  for (const [at, row] of rows.entries()) outcomes[order[at] ?? 0] = row.is_written ? 'written' : 'stale';
  return outcomes;
}

function compare(one = '', other = ''): number {
  return one < other ? -1 : 1;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
