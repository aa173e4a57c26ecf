import type { Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId, TaskId, TenantId } from '../../../kernel/ids.ts';
import type { ContinueTask, TaskQueueing, TaskRow, TaskStore, ContinueOutcome } from '../../../modules/tasks/index.ts';
import { AmbiguousCommitError, hasSqlState } from '../database-errors.ts';
import { insertFirstSubscriptions } from '../insert-first-subscriptions.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilAvailable, whenAvailable } from '../when-available.ts';
import { claimInterrupted, requestCancel } from './claim-interrupted.ts';
import { continueWithSlots, continueTask } from './continue-task.ts';
import { lockSlotsOfTasks } from '../lock-slots.ts';
import { requeueTask } from './requeue-task.ts';
import { resumeTask, resumeWithSlots } from './resume-task.ts';
import { taskOf } from './task-columns.ts';
import type { TaskReader } from './task-reader.ts';

/** Claims and requests for single tasks: they are rare, so each is a transaction of its own. */
type TaskClaims = Pick<TaskStore, 'claimInterrupted' | 'continueTask' | 'requestCancel' | 'requeue' | 'resumeTask'>;

interface Claim {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
}

export function createTaskClaims(pool: DatabasePool, reader: TaskReader, clock: Clock): TaskClaims {
  const change = async <Row>(
    tenantId: TenantId,
    statement: Statement<Row>,
    ...more: readonly Statement[]
  ): Promise<StatementResult<Row>> =>
    (await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement, ...more])))[0];
  /** The task under a claim whose commit got no answer; null when the claim was not committed. Repeats until the database is back. */
  const claimedTask = async (claim: Claim, error: unknown): Promise<TaskRow | null> => {
    if (!(error instanceof PlatformError && error.cause instanceof AmbiguousCommitError)) throw error;
    const row = await untilAvailable(clock, () => reader.findForWork(claim.tenantId, claim.taskId));
    return row?.nodeId === claim.nodeId && row.attempt === claim.attempt ? row : null;
  };
  const changeSlots = slotChanges(pool);
  return {
    async continueTask(further) {
      const { viewer, taskId, nodeId, expectedAttempt } = further;
      if (further.queueing !== undefined) return withSlots({ changeSlots, reader, clock }, further, further.queueing);
      try {
        return (await change(viewer.tenantId, continueTask(further), ...subscriptionsOf(further))).rows.length === 1
          ? 'written'
          : 'stale';
      } catch (error) {
        // Another request took the idempotency key meanwhile.
        if (hasSqlState(error, '23505')) return 'stale';
        const claim = { tenantId: viewer.tenantId, taskId, nodeId, attempt: expectedAttempt + 1 };
        return (await claimedTask(claim, error)) === null ? 'stale' : 'written';
      }
    },
    async resumeTask(resume) {
      const { tenantId, taskId, nodeId, expectedAttempt } = resume;
      try {
        const { rows } = await (resume.isQueueable === true
          ? changeSlots(resume, resumeWithSlots(resume))
          : change(tenantId, resumeTask(resume)));
        return rows.length === 1 ? 'written' : 'stale';
      } catch (error) {
        const claim = { tenantId, taskId, nodeId, attempt: expectedAttempt + 1 };
        return (await claimedTask(claim, error)) === null ? 'stale' : 'written';
      }
    },
    async requeue(requeue) {
      return (await changeSlots(requeue, requeueTask(requeue))).rows.length === 1 ? 'written' : 'stale';
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
  };
}

/** The statement that stores the subscription of a further message, after the message itself. */
function subscriptionsOf(further: ContinueTask): readonly Statement[] {
  const { subscription, nodeId, expectedAttempt, expectedSeq: afterSeq, queueing } = further;
  if (subscription === undefined) return [];
  const mayQueue = queueing !== undefined;
  return [insertFirstSubscriptions([{ subscription, nodeId, attempt: expectedAttempt + 1, afterSeq, mayQueue }])];
}

type ChangeSlots = <Row>(
  task: { readonly tenantId: TenantId; readonly taskId: TaskId },
  statement: Statement<Row>,
  ...more: readonly Statement[]
) => Promise<StatementResult<Row>>;

/** Changes a task together with its slots, which are locked first. */
function slotChanges(pool: DatabasePool): ChangeSlots {
  return async (task, statement, ...more) => {
    const statements = [lockSlotsOfTasks([task]), statement, ...more] as const;
    return (await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(task.tenantId)] }, statements)))[1];
  };
}

interface ContinuePorts {
  readonly changeSlots: ChangeSlots;
  readonly reader: TaskReader;
  readonly clock: Clock;
}

/** Records a further message that takes a slot or waits for one. When the answer of the commit is lost, the row of the task tells the outcome. */
async function withSlots(
  ports: ContinuePorts,
  further: ContinueTask,
  queueing: TaskQueueing,
): Promise<ContinueOutcome> {
  const { viewer, taskId, nodeId, expectedAttempt, expectedSeq, events } = further;
  const { tenantId } = viewer;
  try {
    const claim = continueWithSlots(further, queueing);
    const [row] = (await ports.changeSlots({ tenantId, taskId }, claim, ...subscriptionsOf(further))).rows;
    if (row === undefined) return 'stale';
    return row.is_queued ? 'queued' : 'written';
  } catch (error) {
    if (hasSqlState(error, '23505')) return 'stale';
    if (!(error instanceof PlatformError && error.cause instanceof AmbiguousCommitError)) throw error;
    const row = await untilAvailable(ports.clock, () => ports.reader.findForWork(tenantId, taskId));
    if (row?.nodeId === nodeId && row.attempt === expectedAttempt + 1) return 'written';
    return row?.isQueued === true && row.lastSeq === expectedSeq + events.length ? 'queued' : 'stale';
  }
}
