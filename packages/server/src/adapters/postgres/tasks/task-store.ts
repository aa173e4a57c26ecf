import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type {
  NewTask,
  RecordOutcome,
  TaskRow,
  TaskStore,
  TaskWrite,
  WriteOutcome,
} from '../../../modules/tasks/index.ts';
import { BatchWriter } from '../batch-writer.ts';
import { AmbiguousCommitError, hasSqlState } from '../database-errors.ts';
import { lockWallets } from '../lock-wallets.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilAvailable, whenAvailable } from '../when-available.ts';
import { claimInterrupted } from './claim-interrupted.ts';
import { continueTask } from './continue-task.ts';
import { countTasks } from './count-tasks.ts';
import { findSend } from './find-send.ts';
import { findTaskForWork } from './find-task-for-work.ts';
import { findTask } from './find-task.ts';
import { listTasks } from './list-tasks.ts';
import { eventOf, readEvents } from './read-events.ts';
import { readLastStatuses } from './read-last-statuses.ts';
import { recordOutcome, recordTasks } from './record-tasks.ts';
import { requestCancel } from './request-cancel.ts';
import { taskOf } from './task-columns.ts';
import { writeTasks } from './write-tasks.ts';

/** Tasks in PostgreSQL. `writers` serves the shared batches, `readers` everything else, so that neither waits for the other. */
export function createTaskStore(writers: DatabasePool, readers: DatabasePool, clock: Clock): TaskStore {
  const recordings = batches(clock, (items: readonly NewTask[]) => record(writers, items));
  const writings = batches(clock, (items: readonly TaskWrite[]) => write(writers, items));
  const read = async <Row>(
    tenantId: Parameters<typeof uuidOf>[0],
    statement: Statement<Row>,
  ): Promise<readonly Row[]> => (await whenAvailable(readInTenant(readers, uuidOf(tenantId), statement))).rows;
  const change = async <Row>(tenantId: Parameters<typeof uuidOf>[0], statement: Statement<Row>) =>
    (await whenAvailable(inTransaction(readers, { tenantIds: [uuidOf(tenantId)] }, [statement])))[0];
  const findForWork = async (tenantId: TenantId, taskId: TaskId): Promise<TaskRow | null> => {
    const [row] = await read(tenantId, findTaskForWork(tenantId, taskId));
    return row === undefined ? null : taskOf(row);
  };
  /** The task under a claim whose commit got no answer; null when it did not come to be. Asks until the database is back. */
  const claimedTask = async (claim: Claim, error: unknown): Promise<TaskRow | null> => {
    if (!(error instanceof PlatformError && error.cause instanceof AmbiguousCommitError)) throw error;
    const row = await untilAvailable(clock, () => findForWork(claim.tenantId, claim.taskId));
    return row?.nodeId === claim.nodeId && row.attempt === claim.attempt ? row : null;
  };

  return {
    async record(task) {
      for (;;) {
        const outcome = await recordings.submit(task);
        // The same key was in the same batch: now the first of them is committed, so the answer is known.
        if (outcome !== 'repeated') return outcome;
      }
    },
    write: (one) => writings.submit(one),
    async findSend(tenantId, keyHash) {
      const [row] = await read(tenantId, findSend(tenantId, keyHash));
      if (row === undefined) return null;
      return { taskId: idOf('tsk', row.task_id), fingerprint: row.fingerprint.replaceAll('-', '') };
    },
    async continueTask(turn) {
      const { viewer, taskId, nodeId, expectedAttempt } = turn;
      try {
        return (await change(viewer.tenantId, continueTask(turn))).rows.length === 1 ? 'written' : 'stale';
      } catch (error) {
        // The key was used for something else since the caller looked.
        if (hasSqlState(error, '23505')) return 'stale';
        const claim = { tenantId: viewer.tenantId, taskId, nodeId, attempt: expectedAttempt + 1 };
        return (await claimedTask(claim, error)) === null ? 'stale' : 'written';
      }
    },
    async requestCancel(viewer, taskId) {
      return (await change(viewer.tenantId, requestCancel(viewer, taskId))).rowCount === 1;
    },
    async claimInterrupted(tenantId, taskId, nodeId, expectedAttempt) {
      try {
        const { rows } = await change(tenantId, claimInterrupted(tenantId, taskId, nodeId, expectedAttempt));
        return rows[0] === undefined ? null : taskOf(rows[0]);
      } catch (error) {
        return claimedTask({ tenantId, taskId, nodeId, attempt: expectedAttempt + 1 }, error);
      }
    },
    async find(viewer, taskId) {
      const [row] = await read(viewer.tenantId, findTask(viewer, taskId));
      return row === undefined ? null : taskOf(row);
    },
    findForWork,
    async readLastStatuses(tenantId, taskIds) {
      const rows = await read(tenantId, readLastStatuses(tenantId, taskIds));
      return new Map(rows.map((row) => [idOf('tsk', row.task_id), eventOf(row)]));
    },
    async readEvents(tenantId, taskId, afterSeq, limit) {
      return (await read(tenantId, readEvents(tenantId, taskId, afterSeq, limit))).map(eventOf);
    },
    async list(viewer, query) {
      return (await read(viewer.tenantId, listTasks(viewer, query))).map(taskOf);
    },
    async count(viewer, query) {
      return (await read(viewer.tenantId, countTasks(viewer, query)))[0]?.total ?? 0;
    },
  };
}

interface Claim {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
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
  const outcomes = new Array<WriteOutcome>(writes.length).fill('stale');
  for (const [at, row] of rows.entries()) outcomes[order[at] ?? 0] = row.is_written ? 'written' : 'stale';
  return outcomes;
}

function compare(one = '', other = ''): number {
  return one < other ? -1 : 1;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
