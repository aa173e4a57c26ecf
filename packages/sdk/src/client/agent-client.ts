import type { ListTasksRequest, ListTasksResponse, SendMessageResponse, Task } from '@colloquy/protocol';
import { decodeListTasksResponse, decodeSendMessageResponse, decodeTask } from '@colloquy/protocol/v1';
import { delegationHeaders } from '../delegation.ts';
import type { A2aConnection, CallOptions } from './a2a-connection.ts';
import { withRetries } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { sendRequest } from './message-input.ts';
import type { MessageInput, SendOptions } from './message-input.ts';
import { costHeaders } from './task-cost.ts';
import type { CostOption } from './task-cost.ts';
import { createTaskStream } from './task-stream.ts';
import type { TaskStream } from './task-stream.ts';

/** Ends the call, never the task. */
export interface Cancelable {
  readonly signal?: AbortSignal;
}

/** Options of a stream, which starts with a send or continues an earlier stream. */
export interface StreamOptions extends Omit<SendOptions, 'returnImmediately'> {
  /** Start after this event; only for the same message, sent before. */
  readonly lastEventId?: string;
}

/**
 * One agent, called through the platform. The client retries a call when that can help and does nothing twice: sends
 * carry an idempotency key, so the agent does the work once. Failures are {@link ColloquyError}s.
 */
export interface AgentClient {
  /** Sends a message and waits until the task ends or asks for input, unless `returnImmediately`. */
  send(message: MessageInput, options?: SendOptions): Promise<SendMessageResponse>;
  /** Sends a message and yields the task's events as they happen. */
  stream(message: MessageInput, options?: StreamOptions): TaskStream;
  /** The current task. */
  getTask(id: string, options?: Cancelable & CostOption & { readonly historyLength?: number }): Promise<Task>;
  /** One page of the caller's tasks with this agent. */
  listTasks(filter?: ListTasksRequest, options?: Cancelable & CostOption): Promise<ListTasksResponse>;
  /** Asks the agent to cancel the task, and resolves with the task. */
  cancelTask(id: string, options?: Cancelable & CostOption): Promise<Task>;
  /** The current task and its further events; with `lastEventId`, only the events after it. */
  subscribe(id: string, options?: Cancelable & CostOption & { readonly lastEventId?: string }): TaskStream;
}

/** The parts of an agent client. */
export interface AgentClientParts {
  readonly connection: A2aConnection;
  readonly backoff: Backoff;
}

/** Builds the client of one agent. */
export function agentClient({ connection, backoff }: AgentClientParts): AgentClient {
  const retried = <T>(attempt: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> =>
    withRetries(attempt, backoff, signal);
  return {
    send: (message, options = {}) => {
      const request = sendRequest(message, options);
      const call = callOptions(options, options.idempotencyKey ?? request.message.messageId);
      const say = { operation: 'SendMessage', request } as const;
      return retried(() => connection.call(say, decodeSendMessageResponse, call), options.signal);
    },
    stream: (message, { lastEventId, ...options } = {}) => {
      const request = sendRequest(message, options);
      const call = callOptions(options, options.idempotencyKey ?? request.message.messageId);
      const say = { operation: 'SendStreamingMessage', request } as const;
      const endsAt = 'TASK_STATE_INPUT_REQUIRED';
      return createTaskStream({ connection, request: say, call, backoff, lastEventId, endsAt });
    },
    getTask: (id, { signal, showCost, ...trim } = {}) => {
      const get = { operation: 'GetTask', request: { id, ...trim } } as const;
      return retried(() => connection.call(get, decodeTask, costCall({ signal, showCost })), signal);
    },
    listTasks: (filter = {}, options = {}) => {
      const page = { operation: 'ListTasks', request: filter } as const;
      return retried(() => connection.call(page, decodeListTasksResponse, costCall(options)), options.signal);
    },
    cancelTask: (id, options = {}) => {
      const cancel = { operation: 'CancelTask', request: { id } } as const;
      return retried(() => connection.call(cancel, decodeTask, costCall(options)), options.signal);
    },
    subscribe: (id, { lastEventId, ...options } = {}) => {
      const watch = { operation: 'SubscribeToTask', request: { id } } as const;
      return createTaskStream({ connection, request: watch, call: costCall(options), backoff, lastEventId });
    },
  };
}

function costCall({ signal, ...cost }: Pick<CallOptions, 'signal'> & CostOption): CallOptions {
  return { signal, headers: costHeaders(cost) };
}

function callOptions({ signal, delegation, budgetMicrocredits, showCost }: SendOptions, key: string): CallOptions {
  const budget = budgetMicrocredits === undefined ? {} : { 'colloquy-budget': String(budgetMicrocredits) };
  const own = { 'idempotency-key': key, ...delegationHeaders(delegation), ...budget };
  return { signal, headers: { ...own, ...costHeaders({ showCost }) } };
}
