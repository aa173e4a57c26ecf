import { applyEvent, isTerminal } from '@colloquy/protocol';
import type { StreamResponse, Task, TaskState } from '@colloquy/protocol';
import type { EventRow, Evidence } from './evidence.ts';

/** The log of each task, in order of sequence. */
export function logsOf(evidence: Evidence): Map<string, EventRow[]> {
  const logs = Map.groupBy(evidence.events, ({ taskId }) => taskId);
  for (const log of logs.values()) log.sort((one, other) => one.seq - other.seq);
  return logs;
}

/** Written by the platform from a decoded message. */
export const responseOf = (payload: string): StreamResponse => JSON.parse(payload) as StreamResponse;

/** The state that an event gives its task, if any. */
export function stateAfter({ kind, payload }: EventRow): TaskState | undefined {
  const response = responseOf(payload);
  if (kind === 'turn') return undefined;
  return response.statusUpdate?.status.state ?? response.task?.status.state;
}

export function endsTask(event: EventRow): boolean {
  const state = stateAfter(event);
  return state !== undefined && isTerminal(state);
}

/** `tasks.state` of the database for a state of the wire. */
export const rowState = (state: TaskState): string =>
  state.replace('TASK_STATE_', '').toLowerCase().replaceAll('_', '-');

/** The task that a log tells; undefined when it does not begin with a task. */
export function foldLog(log: readonly EventRow[]): Task | undefined {
  const [first, ...rest] = log;
  const start = first === undefined ? undefined : responseOf(first.payload).task;
  return start && rest.reduce((task, { payload }) => applyEvent(task, responseOf(payload)), start);
}

/** The id of the message that a task was made for. */
export function messageIdOf(log: readonly EventRow[]): string | undefined {
  const [first] = log;
  return first === undefined ? undefined : responseOf(first.payload).task?.history?.[0]?.messageId;
}

/** All text of a task's artifacts. */
export const resultText = (task: Task): string =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => part.text ?? '')).join('');
