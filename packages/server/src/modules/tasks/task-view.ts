import { applyEvents } from '@colloquy/protocol';
import type { Message, StreamResponse, Task } from '@colloquy/protocol';
import { PlatformError } from '../../kernel/errors.ts';
import { storedResponse } from './task-event.ts';
import type { TaskEvent } from './task-event.ts';

/** A task as its log tells it, and the direct message that ended it, if one did. */
export interface TaskView {
  readonly task: Task;
  readonly seq: number;
  /** Size of the log up to here, in characters. */
  readonly logBytes: number;
  readonly reply: Message | null;
}

/** The view after more events; null only before the first. `reply` events complete the task with their message as its last words. */
export function extendView(view: TaskView, events: readonly TaskEvent[]): TaskView;
export function extendView(view: TaskView | null, events: readonly TaskEvent[]): TaskView | null;
export function extendView(view: TaskView | null, events: readonly TaskEvent[]): TaskView | null {
  const [first, ...others] = events;
  if (first === undefined) return view;
  if (view === null) return extendView(beginView(first), others);
  const responses = events.map(({ json }) => storedResponse(json));
  const replyAt = events.findLastIndex(({ kind }) => kind === 'reply');
  const reply = responses[replyAt];
  return {
    task: applyEvents(view.task, responses),
    seq: events.at(-1)?.seq ?? view.seq,
    logBytes: events.reduce((bytes, { json }) => bytes + json.length, view.logBytes),
    reply: reply === undefined ? view.reply : replyOf(reply),
  };
}

function beginView({ seq, kind, json }: TaskEvent): TaskView {
  const { task } = storedResponse(json);
  if (task === undefined) throw new PlatformError('internal.unexpected', { cause: `log starts with ${kind}` });
  return { task, seq, logBytes: json.length, reply: null };
}

function replyOf(response: StreamResponse): Message | null {
  return response.statusUpdate?.status.message ?? null;
}
