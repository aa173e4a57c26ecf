import { randomBytes } from 'node:crypto';
import type { IdSource, NewTask, NodeId, TaskWrite } from '@colloquy/server/test';
import type { CreditTenant } from './seeds.ts';

/** Which task an end is for, and the lease under which it is written. */
export interface TaskPlace {
  readonly tenantId: NewTask['tenantId'];
  readonly taskId: NewTask['taskId'];
  readonly contextId: string;
  /** Null while the task waits for its caller. */
  readonly nodeId: NodeId | null;
  readonly attempt: number;
  readonly seq: number;
  readonly reservedMicrocredits: bigint;
}

/** The ways in which a task ends. A price is what the work cost; absent: what was reserved. */
export type EndKind = 'complete' | 'fail' | 'cancel' | 'reject' | 'expire';
export interface TaskEnding {
  readonly how: EndKind;
  readonly priceMicrocredits?: bigint;
  /** Measured prices may be above the reservation. */
  readonly isMetered?: true;
}

export const ownerId = 'cli_credits';
export const newKey = (): string => randomBytes(16).toString('hex');

/** A send as the gateway records it. */
export function draftSend(ids: IdSource, tenant: CreditTenant, nodeId: NodeId, reserveMicrocredits: bigint): NewTask {
  const { tenantId, agentId, instanceId } = tenant;
  const [taskId, contextId] = [ids.next('tsk'), ids.next('ctx')];
  return {
    tenantId,
    taskId,
    contextId,
    agentId,
    agentName: 'echo',
    instanceId,
    ownerId,
    requestId: ids.next('req'),
    nodeId,
    keyHash: newKey(),
    fingerprint: newKey(),
    reserveMicrocredits,
    decision: '{"agent":"echo"}',
    sendOptions: null,
    submitted: JSON.stringify({ task: { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED' } } }),
    statusAtMs: Date.now(),
  };
}

export const placeOf = (task: NewTask): TaskPlace => ({
  tenantId: task.tenantId,
  taskId: task.taskId,
  contextId: task.contextId,
  nodeId: task.nodeId,
  attempt: 1,
  seq: 1,
  reservedMicrocredits: task.reserveMicrocredits,
});

const ends = {
  complete: { state: 'TASK_STATE_COMPLETED', closing: 'settle', action: 'task.completed' },
  fail: { state: 'TASK_STATE_FAILED', closing: 'release', action: 'task.failed' },
  cancel: { state: 'TASK_STATE_CANCELED', closing: 'release', action: 'task.canceled' },
  reject: { state: 'TASK_STATE_REJECTED', closing: 'release', action: 'task.rejected' },
  expire: { state: 'TASK_STATE_FAILED', closing: 'expire', action: 'task.failed' },
} as const;

/** One status event, under the lease of the place. */
export function draftStatus(place: TaskPlace, state: NonNullable<TaskWrite['state']>): TaskWrite {
  const { tenantId, taskId, contextId, nodeId, attempt, seq } = place;
  const json = JSON.stringify({ statusUpdate: { taskId, contextId, status: { state } } });
  return {
    tenantId,
    taskId,
    nodeId,
    attempt,
    expectedSeq: seq,
    events: [{ kind: 'status', json, state }],
    state,
    statusAtMs: Date.now(),
    upstreamTaskId: null,
    end: null,
  };
}

export function draftEnd(
  ids: IdSource,
  place: TaskPlace,
  { how, priceMicrocredits, isMetered }: TaskEnding,
): TaskWrite {
  const { state, closing, action } = ends[how];
  return {
    ...draftStatus(place, state),
    end: {
      closing,
      errorCode: how === 'fail' ? 'upstream.refused' : how === 'expire' ? 'task.expired' : null,
      auditId: ids.next('ent'),
      auditAction: action,
      auditOutcome: how === 'complete' ? 'succeeded' : 'failed',
      priceMicrocredits: priceMicrocredits ?? null,
      ...(isMetered === undefined ? {} : { isMetered }),
    },
  };
}
