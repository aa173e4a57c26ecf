import type { Task, TaskState } from '@colloquy/protocol';
import { errorCatalog } from '../../../kernel/error-catalog.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { EntryId } from '../../../kernel/ids.ts';
import { closingOf } from '../../metering/index.ts';
import type { TaskEnd } from '../../tasks/index.ts';
import { statusEvent } from './translate-answer.ts';
import type { Draft } from './translate-answer.ts';

const auditActions: { readonly [State in TaskState]?: string } = {
  TASK_STATE_COMPLETED: 'task.completed',
  TASK_STATE_FAILED: 'task.failed',
  TASK_STATE_CANCELED: 'task.canceled',
  TASK_STATE_REJECTED: 'task.rejected',
};

/** With these a task ends whose time ran out while it waited: for its caller, or for a slot. */
const expiringCodes: ReadonlySet<ErrorCode> = new Set(['task.expired', 'task.deadline-passed']);

/** The audit entry and the closing of the reservation for a task that ends in this state. */
export function taskEndOf(state: TaskState, errorCode: ErrorCode | null, auditId: EntryId): TaskEnd {
  const closing = closingOf(state, errorCode !== null && expiringCodes.has(errorCode));
  return {
    closing: closing === 'keep' ? 'release' : closing,
    errorCode,
    auditId,
    auditAction: auditActions[state] ?? 'task.failed',
    priceMicrocredits: null,
    auditOutcome: state === 'TASK_STATE_COMPLETED' ? 'succeeded' : 'failed',
  };
}

/**
 * The event of a failure that the platform reports: the sentence of the catalogue, with the code in the metadata, and with the pause that the
 * agent requested (0: none).
 */
export function failureDraft(task: Task, code: ErrorCode, nowMs: number, pauseMs = 0): Draft {
  const message = {
    messageId: `${task.id}-${code}`,
    role: 'ROLE_AGENT' as const,
    parts: [{ text: errorCatalog[code].sentence }],
    metadata: { errorCode: code, ...(pauseMs === 0 ? {} : { retryAfterMs: pauseMs }) },
  };
  return ownStatus(task, { state: 'TASK_STATE_FAILED', message }, nowMs);
}

/** The event of a cancel that the platform reports, because the agent did not. */
export function cancelDraft(task: Task, nowMs: number): Draft {
  return ownStatus(task, { state: 'TASK_STATE_CANCELED' }, nowMs);
}

function ownStatus(task: Task, status: Task['status'], nowMs: number): Draft {
  const identity = { task, contextId: task.contextId ?? '', nowIso: new Date(nowMs).toISOString() };
  return statusEvent(identity, status);
}
