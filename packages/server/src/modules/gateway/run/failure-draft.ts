import type { Task } from '@colloquy/protocol';
import { errorCatalog } from '../../../kernel/error-catalog.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import { statusEvent } from './translate-answer.ts';
import type { Draft } from './translate-answer.ts';

/**
 * The task's failure in the platform's words: the catalogue's sentence, and in the metadata its code and, of an agent that asked to be left
 * alone, for how long that was (0: it did not ask).
 */
export function failureDraft(task: Task, code: ErrorCode, nowMs: number, askedMs = 0): Draft {
  const message = {
    messageId: `${task.id}-${code}`,
    role: 'ROLE_AGENT' as const,
    parts: [{ text: errorCatalog[code].sentence }],
    metadata: { errorCode: code, ...(askedMs === 0 ? {} : { retryAfterMs: askedMs }) },
  };
  return ownStatus(task, { state: 'TASK_STATE_FAILED', message }, nowMs);
}

/** A canceled status in the platform's words: the agent did not get to say it. */
export function cancelDraft(task: Task, nowMs: number): Draft {
  return ownStatus(task, { state: 'TASK_STATE_CANCELED' }, nowMs);
}

function ownStatus(task: Task, status: Task['status'], nowMs: number): Draft {
  const retelling = { task, contextId: task.contextId ?? '', nowIso: new Date(nowMs).toISOString() };
  return statusEvent(retelling, status);
}
