import { applyEvent } from '@colloquy/protocol';
import type { Message, StreamResponse, Task } from '@colloquy/protocol';
import { PlatformError } from '../../kernel/errors.ts';
import { storedResponse } from './stored-response.ts';
import type { TaskEvent } from './task-event.ts';

/** A task as its log tells it, and the direct message that ended it, if one did. */
export interface TaskView {
  readonly task: Task;
  readonly seq: number;
  readonly reply: Message | null;
}

/** The view after one more event. `reply` events complete the task with their message as its last words. */
export function extendView(view: TaskView | null, event: TaskEvent): TaskView {
  const response = storedResponse(event.json);
  if (view === null) {
    if (response.task === undefined)
      throw new PlatformError('internal.unexpected', { cause: `log starts with ${event.kind}` });
    return { task: response.task, seq: event.seq, reply: null };
  }
  return {
    task: applyEvent(view.task, response),
    seq: event.seq,
    reply: event.kind === 'reply' ? replyOf(response) : view.reply,
  };
}

function replyOf(response: StreamResponse): Message | null {
  return response.statusUpdate?.status.message ?? null;
}
