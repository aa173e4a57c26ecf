import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { NewTask, RecordOutcome, TaskStore, TaskWrite, WriteOutcome } from '../../../modules/tasks/index.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import { BatchSchedule } from '../batch-schedule.ts';
import { BatchWriter } from '../batch-writer.ts';
import type { DatabasePool } from '../pool.ts';
import { openWindowsOf, recordBatch } from './record-batch.ts';
import { whenAvailable } from '../when-available.ts';
import { createTaskClaims } from './task-claims.ts';
import { createTailReader } from './read-tails.ts';
import { createTaskReader } from './task-reader.ts';
import { writeBatch, writeQueueableBatch } from './write-batch.ts';

/** Tasks in PostgreSQL. `writers` serves the shared batches, `readers` everything else, so that neither waits for the other. */
export function createTaskStore(writers: DatabasePool, readers: DatabasePool, clock: Clock): TaskStore {
  const schedule = new BatchSchedule(clock, limits.batchAloneMsMax);
  const recording = createBatches(clock, (tasks: readonly NewTask[]) => recordBatch(writers, tasks), { schedule });
  // Ends and mere appends go in separate batches, so that a stream's events do not wait for wallets.
  const write = (writes: readonly TaskWrite[]): Promise<readonly WriteOutcome[]> => writeBatch(writers, writes);
  const ending = createBatches(clock, write, { schedule });
  const appending = createBatches(clock, write, { schedule });
  // A very long write takes the database long, so it goes alone, and short writes do not wait in its batch.
  const longEnding = createBatches(clock, write, { batchItemsMax: 1 });
  const longAppending = createBatches(clock, write, { batchItemsMax: 1 });
  // Writes of tasks with slots go in batches of their own, because they lock rows in another order.
  const queueable = createBatches(clock, (writes: readonly TaskWrite[]) => writeQueueableBatch(writers, writes), {});
  const reader = createTaskReader(readers, clock);
  const audit = createAuditLog(readers);
  return {
    ...reader,
    ...createTaskClaims(readers, reader, clock),
    readTail: createTailReader(readers, clock),
    async record(task) {
      if (task.reserveMicrocredits < 0n) throw belowZero();
      let outcome = await recording.submit(task);
      while (outcome === 'again' || outcome === 'unopened') {
        if (outcome === 'unopened') await whenAvailable(openWindowsOf(writers, task));
        outcome = await recording.resubmit(task);
      }
      if (outcome.kind === 'recorded' || outcome.kind === 'known' || outcome.kind === 'outdated') return outcome;
      await audit.append(refusalOf(task, outcome));
      return outcome;
    },
    write: (write) => {
      if ((write.end?.priceMicrocredits ?? 0n) < 0n) return Promise.reject(belowZero());
      if (write.queuePlace !== undefined) return queueable.submit(write);
      const [short, long] = write.end === null ? [appending, longAppending] : [ending, longEnding];
      return (isLong(write) ? long : short).submit(write);
    },
  };
}

/** Of an amount that no caller has. The statements would take it, and move credits the wrong way. */
function belowZero(): PlatformError {
  return new PlatformError('request.invalid');
}

function isLong({ events }: TaskWrite): boolean {
  return events.reduce((sum, { json }) => sum + json.length, 0) >= limits.taskWriteBytesMax;
}

function createBatches<Item, Outcome>(
  clock: Clock,
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  {
    batchItemsMax = limits.batchItemsMax,
    schedule,
  }: { readonly batchItemsMax?: number; readonly schedule?: BatchSchedule },
): BatchWriter<Item, Outcome> {
  const { batchesInFlightMax, batchQueueItemsMax: queueItemsMax } = limits;
  return new BatchWriter({
    write,
    clock,
    batchItemsMax,
    batchesInFlightMax,
    queueItemsMax,
    ...(schedule === undefined ? {} : { schedule }),
  });
}

const refusalCodes = {
  insufficient: 'credits.insufficient',
  'agent-closed': 'registry.agent-unknown',
  'over-budget': 'delegation.budget-used',
  'budget-exceeded': 'credits.budget-exceeded',
} as const;

type Refusal = Extract<RecordOutcome, { readonly kind: keyof typeof refusalCodes }>;

function refusalOf(task: NewTask, refusal: Refusal): NewAuditEntry {
  return {
    tenantId: task.tenantId,
    // The id follows from the task, so a repeated recording writes no second entry.
    entryId: idOf('ent', uuidOf(task.taskId)),
    actorId: task.ownerId,
    action: 'task.refused',
    outcome: 'refused',
    resource: `agents/${task.agentName}`,
    requestId: task.requestId,
    facts: {
      code: refusalCodes[refusal.kind],
      ...(refusal.kind === 'budget-exceeded' ? { budget: refusal.window.budget.name } : {}),
    },
  };
}
