import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { HeardMessage, Step } from './script.ts';

/** A task of the harness agent, as A2A 1.0 writes it. */
export interface HarnessTask {
  readonly id: string;
  readonly contextId: string;
  status: { readonly state: string; readonly message?: object; readonly timestamp: string };
  readonly artifacts: { artifactId: string; parts: object[] }[];
  readonly history: object[];
}

/** One event in the form of a StreamResponse. */
export type PlayedEvent = Readonly<Record<string, unknown>>;

const resting = new Set(['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED']);
const terminal = new Set(['TASK_STATE_COMPLETED', 'TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED']);

/** Plays the script of one task, message by message, for every listener. */
export class TaskPlay {
  readonly task: HarnessTask;
  readonly #listeners = new Set<(event: PlayedEvent) => void>();
  readonly #held = new Map<string, () => void>();
  readonly #canceled = new AbortController();

  constructor(contextId: string | undefined) {
    this.task = {
      id: randomUUID(),
      contextId: contextId ?? randomUUID(),
      status: { state: 'TASK_STATE_SUBMITTED', timestamp: new Date().toISOString() },
      artifacts: [],
      history: [],
    };
  }

  get isOver(): boolean {
    return terminal.has(this.task.status.state);
  }

  get isResting(): boolean {
    return this.isOver || (resting.has(this.task.status.state) && this.#held.size === 0);
  }

  listen(listener: (event: PlayedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets the message that holds go on; false when there is none. */
  release(messageId: string): boolean {
    const letGo = this.#held.get(messageId);
    letGo?.();
    return letGo !== undefined;
  }

  cancel(): void {
    this.#status('TASK_STATE_CANCELED', undefined);
    this.#canceled.abort();
  }

  /** Carries out the steps of one message. */
  async play(message: HeardMessage, steps: readonly Step[]): Promise<void> {
    this.task.history.push(message);
    if (resting.has(this.task.status.state)) this.#status('TASK_STATE_WORKING', undefined);
    for (const step of steps) {
      if (this.isOver) return;
      await this.#step(message, step);
    }
  }

  async #step(message: HeardMessage, step: Step): Promise<void> {
    if ('state' in step) return this.#status(step.state, step.words);
    if ('artifact' in step) return this.#artifact(step);
    if ('waitMs' in step) await wait(step.waitMs, undefined, { signal: this.#canceled.signal }).catch(() => undefined);
    if ('hold' in step) await this.#hold(message.messageId);
  }

  async #hold(messageId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(messageId, resolve);
    this.#canceled.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    this.#held.delete(messageId);
  }

  #status(state: string, words: string | undefined): void {
    if (this.isOver) return;
    const { id, contextId } = this.task;
    const message =
      words === undefined
        ? undefined
        : { messageId: randomUUID(), role: 'ROLE_AGENT', taskId: id, contextId, parts: [{ text: words }] };
    this.task.status = {
      state,
      ...(message === undefined ? {} : { message }),
      timestamp: new Date().toISOString(),
    };
    this.#tell({ statusUpdate: { taskId: id, contextId, status: this.task.status } });
  }

  #artifact({ artifact, append = false, lastChunk }: Extract<Step, { artifact: unknown }>): void {
    const { id, contextId, artifacts } = this.task;
    const known = artifacts.find(({ artifactId }) => artifactId === artifact.artifactId);
    if (append && known !== undefined) known.parts.push(...artifact.parts);
    else artifacts.push({ ...artifact, parts: [...artifact.parts] });
    const flags = { ...(append ? { append } : {}), ...(lastChunk === undefined ? {} : { lastChunk }) };
    this.#tell({ artifactUpdate: { taskId: id, contextId, artifact, ...flags } });
  }

  #tell(event: PlayedEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
