import type { Clock } from '../../../kernel/clock.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { IdSource, TaskId } from '../../../kernel/ids.ts';
import { isDeadLetter } from '../../tasks/index.ts';
import type { TaskLog, TaskRow, TaskStore } from '../../tasks/index.ts';
import { cancelDraft, failureDraft, taskEndOf } from './task-end.ts';
import type { Draft } from './translate-answer.ts';

export interface FailPorts {
  readonly store: Pick<TaskStore, 'write'>;
  readonly log: Pick<TaskLog, 'publish'>;
  readonly announce: (taskId: TaskId) => void;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The end of a task that no run works on. */
interface IdleEnd {
  readonly state: 'TASK_STATE_FAILED' | 'TASK_STATE_CANCELED';
  readonly code: ErrorCode | null;
  readonly draft: Draft;
}

/**
 * Ends a task as failed that no run of this process works on. It needs the row alone: the log may be too large or broken to read. False when
 * the task has changed since its row was read.
 */
export function failIdleTask(ports: FailPorts, row: TaskRow, code: ErrorCode): Promise<boolean> {
  const draft = failureDraft(shortTask(row), code, ports.clock.nowMs());
  return endIdleTask(ports, row, { state: 'TASK_STATE_FAILED', code, draft });
}

/** Ends a task as canceled that waits for its caller or for a slot. False when the task has changed since its row was read. */
export function cancelIdleTask(ports: FailPorts, row: TaskRow): Promise<boolean> {
  const draft = cancelDraft(shortTask(row), ports.clock.nowMs());
  return endIdleTask(ports, row, { state: 'TASK_STATE_CANCELED', code: null, draft });
}

function shortTask({ taskId, contextId, state }: TaskRow): Parameters<typeof cancelDraft>[0] {
  return { id: taskId, contextId, status: { state } };
}

async function endIdleTask(ports: FailPorts, row: TaskRow, { state, code, draft }: IdleEnd): Promise<boolean> {
  const { tenantId, taskId, nodeId, attempt, lastSeq: expectedSeq } = row;
  const event = { kind: draft.kind, json: JSON.stringify(draft.response), state } as const;
  const end = taskEndOf(state, code, ports.ids.next('ent'));
  const place = placeOf(row);
  const lease = { tenantId, taskId, nodeId, attempt, expectedSeq };
  const outcome = await ports.store.write({
    ...lease,
    events: [event],
    state,
    statusAtMs: ports.clock.nowMs(),
    upstreamTaskId: null,
    end: code !== null && isDeadLetter(code) ? { ...end, isDead: true } : end,
    ...(place === null ? {} : { queuePlace: place }),
  });
  if (outcome === 'stale') return false;
  ports.log.publish(taskId, [{ ...event, seq: expectedSeq + 1 }]);
  ports.announce(taskId);
  return true;
}

/** Whether the task holds slots of its agent, or a place in its queue; null for neither. */
function placeOf({ isQueued, isQueueable, nodeId }: TaskRow): 'held' | 'queued' | null {
  if (isQueued) return 'queued';
  return nodeId !== null && isQueueable ? 'held' : null;
}
