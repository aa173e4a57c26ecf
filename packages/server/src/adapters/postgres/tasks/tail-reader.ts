import type { Clock } from '../../../kernel/clock.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { LogPosition, LogTail, TaskStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { eventOf } from './read-events.ts';
import { readTails } from './read-tails.ts';
import type { TailColumns } from './read-tails.ts';
import { sharedRead } from './shared-read.ts';

interface TailPosition extends LogPosition {
  readonly tenantId: TenantId;
}

/** Reads tails of logs. Every event of a task that another process works on is read by whoever shows it. */
export function createTailReader(pool: DatabasePool, clock: Clock): TaskStore['readTail'] {
  const read = sharedRead<TailPosition, TailColumns, LogTail>({
    pool,
    clock,
    statement: readTails,
    answerOf: (rows) => ({ events: rows.map(eventOf), isMore: (rows[0]?.seen ?? 0) > rows.length }),
  });
  return (tenantId, taskId, afterSeq) => read({ tenantId, taskId, seq: afterSeq });
}
