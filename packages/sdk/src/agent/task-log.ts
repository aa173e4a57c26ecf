import { applyEvent, isTerminal } from '@colloquy/protocol';
import type { Message, StreamResponse, Task } from '@colloquy/protocol';
import { agentLimits } from './agent-limits.ts';

/** One change of a task. `seq` starts at 1 and has no gaps. */
export interface LoggedEvent {
  readonly seq: number;
  readonly event: StreamResponse;
}

/** The current task, with the sequence number of its newest event. */
export function snapshotOf({ seq, task }: TaskLog): LoggedEvent {
  return { seq, event: { task } };
}

/** A task with all its changes. Readers pull from it at their own pace, so a slow one costs no memory. */
export class TaskLog {
  #task: Task;
  readonly #events: LoggedEvent[] = [];
  readonly #watchers = new Set<() => void>();
  #reply: Message | undefined;
  #bytes = 0;

  constructor(task: Task) {
    this.#task = task;
    this.append({ task });
  }

  /** The task after all its events. */
  get task(): Task {
    return this.#task;
  }

  /** The answer when the agent answered with a message instead of a task. */
  get reply(): Message | undefined {
    return this.#reply;
  }

  /** The newest sequence number. */
  get seq(): number {
    return this.#events.length;
  }

  /** Size of all events as JSON, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nothing more will ever be appended. */
  get ended(): boolean {
    return this.#reply !== undefined || isTerminal(this.#task.status.state);
  }

  /** The events after `seq`, oldest first. */
  after(seq: number): readonly LoggedEvent[] {
    return this.#events.slice(seq);
  }

  /** Adds one change and wakes every reader. */
  append(event: StreamResponse): void {
    if (event.task === undefined) this.#task = applyEvent(this.#task, event);
    this.#bytes += JSON.stringify(event).length;
    this.#events.push({ seq: this.#events.length + 1, event });
    this.#wake();
  }

  /** Whether one more event of this task stays within its bounds. The number of events never keeps a task from ending. */
  hasRoomFor(event: StreamResponse): boolean {
    const ends = event.statusUpdate !== undefined && isTerminal(event.statusUpdate.status.state);
    const bytes = this.#bytes + JSON.stringify(event).length;
    return (ends || this.#events.length < agentLimits.taskEventsMax) && bytes <= agentLimits.taskBytesMax;
  }

  /** Adds a message of the caller to the history. It is part of every later snapshot, but no event. */
  addMessage(message: Message): void {
    this.#task = { ...this.#task, history: [...(this.#task.history ?? []), message] };
  }

  /** Ends the exchange with a message instead of a task. */
  answer(message: Message): void {
    this.#reply = message;
    this.#wake();
  }

  /** Calls `wake` after every change until the returned function is called. */
  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    return () => this.#watchers.delete(wake);
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
  }
}
