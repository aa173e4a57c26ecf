import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import type { RecordOutcome, TaskStore, WriteOutcome } from '../../../modules/tasks/index.ts';
import { BatchWriter } from '../batch-writer.ts';
import type { DatabasePool } from '../pool.ts';
import { createTaskClaims } from './task-claims.ts';
import { createTaskReader } from './task-reader.ts';
import { writeBatch } from './write-batch.ts';
import type { BatchItem, BatchOutcome } from './write-batch.ts';

/** Tasks in PostgreSQL. `writers` serves the shared batches, `readers` everything else, so that neither waits for the other. */
export function createTaskStore(writers: DatabasePool, readers: DatabasePool, clock: Clock): TaskStore {
  // What moves credits and what only appends go apart: a stream's events do not wait for wallets.
  const paying = createBatches(writers, clock, limits.payingBatchesInFlightMax);
  const appending = createBatches(writers, clock, limits.batchesInFlightMax);
  const reader = createTaskReader(readers);
  return {
    ...reader,
    ...createTaskClaims(readers, reader, clock),
    async record(task) {
      for (;;) {
        const outcome = await paying.submit({ record: task });
        if (isRecordOutcome(outcome)) return outcome;
        // The same key was in the same batch: now the first of them is committed, so the answer is known.
      }
    },
    async write(write) {
      const outcome = await (write.end === null ? appending : paying).submit({ write });
      if (!isWriteOutcome(outcome)) throw new Error('A write has the outcome of a recording.');
      return outcome;
    },
  };
}

function createBatches(
  pool: DatabasePool,
  clock: Clock,
  batchesInFlightMax: number,
): BatchWriter<BatchItem, BatchOutcome> {
  const { batchItemsMax, batchQueueItemsMax: queueItemsMax } = limits;
  const write = (items: readonly BatchItem[]): Promise<readonly BatchOutcome[]> => writeBatch(pool, items);
  return new BatchWriter({ write, clock, batchItemsMax, batchesInFlightMax, queueItemsMax });
}

function isRecordOutcome(outcome: BatchOutcome): outcome is RecordOutcome {
  return typeof outcome === 'object';
}

function isWriteOutcome(outcome: BatchOutcome): outcome is WriteOutcome {
  return outcome === 'written' || outcome === 'stale';
}
