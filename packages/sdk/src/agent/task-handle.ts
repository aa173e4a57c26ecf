import { randomUUID } from 'node:crypto';
import type { JsonObject, Message, Part, StreamResponse, Task, TaskState, TaskStatus } from '@colloquy/protocol';
import type { AgentTask, ArtifactPiece, ForwardCaller, TaskUsage } from './agent-task.ts';
import type { TaskRecord } from './task-record.ts';

const usageUri = 'urn:colloquy:extension:usage:v1';

/** The handler's interface to one task; {@link AgentTask} describes each call. */
export class TaskHandle implements AgentTask {
  readonly signal: AbortSignal;
  readonly caller?: ForwardCaller;
  readonly #record: TaskRecord;
  #letGo = false;
  #usage: TaskUsage | null = null;

  constructor(record: TaskRecord, signal: AbortSignal, caller: ForwardCaller | undefined) {
    this.#record = record;
    this.signal = signal;
    if (caller !== undefined) this.caller = caller;
  }

  get id(): string {
    return this.#record.log.task.id;
  }

  get contextId(): string {
    return this.#record.log.task.contextId ?? '';
  }

  snapshot(): Task {
    return this.#record.log.task;
  }

  working(words?: string): Promise<void> {
    return this.#change(this.#status('TASK_STATE_WORKING', words));
  }

  artifact(piece: ArtifactPiece): Promise<void> {
    return this.#change(this.#artifactUpdate(piece));
  }

  usage(usage: TaskUsage): void {
    const { items = 0, units = {} } = usage;
    if ([items, ...Object.values(units)].some((count) => !Number.isFinite(count) || count < 0)) {
      throw new RangeError('A usage is made of numbers that are not negative.');
    }
    this.#usage = usage;
  }

  requireInput(words: string): Promise<void> {
    return this.#change(this.#status('TASK_STATE_INPUT_REQUIRED', words));
  }

  complete(words?: string): Promise<void> {
    return this.#change(this.#status('TASK_STATE_COMPLETED', words));
  }

  fail(words: string): Promise<void> {
    return this.#change(this.#status('TASK_STATE_FAILED', words));
  }

  reply(words: string | readonly Part[]): Promise<void> {
    if (this.#isOver()) return Promise.resolve();
    if (this.#record.shown || this.#record.log.seq > 1) {
      return this.#change(this.#status('TASK_STATE_COMPLETED', words));
    }
    const { taskId: _, ...message } = { ...this.#message(words), ...this.#metadata() };
    this.#record.log.answer(message);
    return Promise.resolve();
  }

  /** Makes every later call do nothing: the handler is done, and code that it left running must not change the task. */
  letGo(): void {
    this.#letGo = true;
  }

  #isOver(): boolean {
    const { ended } = this.#record.log;
    if (this.#letGo || (ended && this.signal.aborted)) return true;
    if (ended) throw new Error(`The task ${this.id} has ended already.`);
    return false;
  }

  #change(event: StreamResponse): Promise<void> {
    if (this.#isOver()) return Promise.resolve();
    if (!this.#record.log.hasRoomFor(event)) {
      throw new RangeError(`The task ${this.id} has reached the bound of what one task may put out.`);
    }
    this.#record.log.append(event);
    return Promise.resolve();
  }

  #status(state: TaskState, words?: string | readonly Part[]): StreamResponse {
    const status: TaskStatus = {
      state,
      ...(words === undefined ? {} : { message: this.#message(words) }),
      timestamp: new Date().toISOString(),
    };
    return { statusUpdate: { taskId: this.id, contextId: this.contextId, status, ...this.#metadata() } };
  }

  #artifactUpdate(piece: ArtifactPiece): StreamResponse {
    const { id, parts, append, lastChunk, metadata, ...named } = piece;
    return {
      artifactUpdate: {
        taskId: this.id,
        contextId: this.contextId,
        artifact: { artifactId: id, ...named, parts: partsOf(parts), ...(metadata === undefined ? {} : { metadata }) },
        ...(append === undefined ? {} : { append }),
        ...(lastChunk === undefined ? {} : { lastChunk }),
      },
    };
  }

  #metadata(): { readonly metadata?: JsonObject } {
    if (this.#usage === null) return {};
    const { items, units } = this.#usage;
    return {
      metadata: {
        [usageUri]: { ...(items === undefined ? {} : { items }), ...(units === undefined ? {} : { units }) },
      },
    };
  }

  #message(words: string | readonly Part[]): Message {
    return {
      messageId: randomUUID(),
      contextId: this.contextId,
      taskId: this.id,
      role: 'ROLE_AGENT',
      parts: partsOf(words),
    };
  }
}

function partsOf(content: string | readonly Part[]): readonly Part[] {
  const parts = typeof content === 'string' ? [{ text: content }] : content;
  if (parts.length === 0) throw new RangeError('At least one part is needed.');
  return parts;
}
