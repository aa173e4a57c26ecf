import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isActive } from '@colloquy/protocol';
import type { Message, TaskState } from '@colloquy/protocol';
import { runDelegated } from '../delegation.ts';
import type { Delegation } from '../delegation.ts';
import { agentLimits } from './agent-limits.ts';
import type { AgentTask, ForwardCaller } from './agent-task.ts';
import { TaskHandle } from './task-handle.ts';
import type { TaskRecord, TaskWork } from './task-record.ts';

/** The agent's handler: called once for each message of a task. Its promise settles when that work is done. */
export type AgentHandler = (message: Message, task: AgentTask) => Promise<void> | void;

/** Options of the handlers of a server. */
export interface RunOptions {
  readonly handle: AgentHandler;
  /** Called with the error that a handler threw; the caller only learns that the agent failed. */
  readonly onError: (error: unknown, task: { readonly id: string }) => void;
}

/** The sender of the message, and the platform's task. */
export interface Sender {
  readonly caller: ForwardCaller | undefined;
  readonly delegation: Delegation | undefined;
}

/** One running handler, with the signal that asks it to stop. */
export class TaskRun implements TaskWork {
  readonly finished: Promise<void>;
  readonly #record: TaskRecord;
  readonly #task: TaskHandle;
  readonly #stop = new AbortController();
  #closing = false;

  constructor(record: TaskRecord, message: Message, options: RunOptions & Sender) {
    this.#record = record;
    this.#task = new TaskHandle(record, this.#stop.signal, options.caller);
    this.finished = this.#work(message, options);
  }

  cancel(): void {
    this.#stop.abort(new DOMException('The task was canceled.', 'AbortError'));
  }

  close(): void {
    this.#closing = true;
    this.#stop.abort(new DOMException('The agent server is closing.', 'AbortError'));
  }

  async #work(message: Message, options: RunOptions & Sender): Promise<void> {
    // The request that starts this run can open its stream before the handler's first event.
    await Promise.resolve();
    try {
      await runDelegated(options.delegation, () => options.handle(message, this.#task));
      if (this.#stop.signal.aborted) this.#end('TASK_STATE_CANCELED');
      else if (isOpen(this.#record)) await this.#task.complete();
    } catch (error) {
      if (this.#stop.signal.aborted) return this.#end('TASK_STATE_CANCELED');
      options.onError(error, { id: this.#task.id });
      this.#end('TASK_STATE_FAILED', 'The agent failed while it worked on this task.');
    } finally {
      this.#task.letGo();
      delete this.#record.run;
    }
  }

  #end(state: TaskState, words?: string): void {
    if (!this.#closing && !this.#record.log.ended) appendStatus(this.#record, state, words);
  }
}

function isOpen({ log }: TaskRecord): boolean {
  return log.reply === undefined && isActive(log.task.status.state);
}

/** Records a status that the server sets itself. */
export function appendStatus(record: TaskRecord, state: TaskState, words?: string): void {
  const { id, contextId = '' } = record.log.task;
  const said = { messageId: randomUUID(), taskId: id, contextId, role: 'ROLE_AGENT' } as const;
  const status = {
    state,
    ...(words === undefined ? {} : { message: { ...said, parts: [{ text: words }] } }),
    timestamp: new Date().toISOString(),
  };
  record.log.append({ statusUpdate: { taskId: id, contextId, status } });
}

/**
 * Asks the handler to stop and waits until it has, with a bound; then the task is canceled, unless the handler ended it in
 * the meantime. Returns whether the task is canceled.
 */
export async function cancelTask(record: TaskRecord): Promise<boolean> {
  const { run, log } = record;
  if (run !== undefined) {
    run.cancel();
    await Promise.race([run.finished, delay(agentLimits.cancelWaitMs, undefined, { ref: false })]);
  }
  if (!log.ended) appendStatus(record, 'TASK_STATE_CANCELED');
  return log.task.status.state === 'TASK_STATE_CANCELED';
}
