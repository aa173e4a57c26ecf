import type { TaskState } from '@colloquy/protocol';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import type { EntryId } from '../../../kernel/ids.ts';
import { closingOf } from '../../metering/index.ts';
import type { TaskEnd } from '../../tasks/index.ts';

const auditActions: { readonly [State in TaskState]?: string } = {
  TASK_STATE_COMPLETED: 'task.completed',
  TASK_STATE_FAILED: 'task.failed',
  TASK_STATE_CANCELED: 'task.canceled',
  TASK_STATE_REJECTED: 'task.rejected',
};

/** The audit entry and the credits of a task that ends in this state. */
export function taskEndOf(state: TaskState, errorCode: ErrorCode | null, auditId: EntryId): TaskEnd {
  return {
    closing: closingOf(state) === 'settle' ? 'settle' : 'release',
    errorCode,
    auditId,
    auditAction: auditActions[state] ?? 'task.failed',
    priceMicrocredits: null,
    auditOutcome: state === 'TASK_STATE_COMPLETED' ? 'succeeded' : 'failed',
  };
}
