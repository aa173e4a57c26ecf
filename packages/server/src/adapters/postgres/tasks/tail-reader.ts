import type { Clock } from '../../../kernel/clock.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { LogPosition, LogTail, TaskStore } from '../../../modules/tasks/index.ts';
import { BatchWriter } from '../batch-writer.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { eventOf } from './read-events.ts';
import { readTails } from './read-tails.ts';

interface TailPosition extends LogPosition {
  readonly tenantId: TenantId;
}

/**
 * Reads tails of logs, those that are wanted at the same moment together: thousands of readers may come at once when another process
 * is gone, and every event of a task that another process works on is read by whoever shows it.
 */
export function createTailReader(pool: DatabasePool, clock: Clock): TaskStore['readTail'] {
  const reading = new BatchWriter<TailPosition, LogTail>({
    write: (positions) => readTogether(pool, positions),
    clock,
    batchItemsMax: limits.batchItemsMax,
    batchesInFlightMax: limits.logTailReadsInFlightMax,
    queueItemsMax: limits.batchQueueItemsMax,
  });
  return (tenantId, taskId, afterSeq) => reading.submit({ tenantId, taskId, seq: afterSeq });
}

/** One transaction for each tenant: a read never sees the rows of two. */
async function readTogether(pool: DatabasePool, positions: readonly TailPosition[]): Promise<readonly LogTail[]> {
  const byTenant = Map.groupBy(positions, ({ tenantId }) => tenantId);
  const tails = new Map<TailPosition, LogTail>();
  const reads = Array.from(byTenant, async ([tenantId, ofTenant]) => {
    const { rows } = await readInTenant(pool, uuidOf(tenantId), readTails(tenantId, ofTenant));
    const byPlace = Map.groupBy(rows, ({ n }) => n - 1);
    for (const [at, position] of ofTenant.entries()) {
      const found = byPlace.get(at) ?? [];
      tails.set(position, { events: found.map(eventOf), isMore: (found[0]?.seen ?? 0) > found.length });
    }
  });
  await Promise.all(reads);
  return positions.map((position) => tails.get(position) ?? { events: [], isMore: false });
}
