import type { ListTasksRequest, ListTasksResponse, SendMessageResponse, Task } from '@colloquy/protocol';
import { decodeListTasksResponse, decodeSendMessageResponse, decodeTask } from '@colloquy/protocol/v1';
import { delegationHeaders } from '../delegation.ts';
import type { A2aConnection, CallOptions } from './a2a-connection.ts';
import { withRetries } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { sendRequest } from './message-input.ts';
import type { MessageInput, SendOptions } from './message-input.ts';
import { createTaskStream } from './task-stream.ts';
import type { TaskStream } from './task-stream.ts';

/** Ends the call, never the task. */
export interface Cancelable {
  readonly signal?: AbortSignal;
}

/** How to stream: as a send that starts, or as a stream that goes on. */
export interface StreamOptions extends Omit<SendOptions, 'returnImmediately'> {
  /** Give out only what comes after this event; for the very same message, sent before. */
  readonly lastEventId?: string;
}

/**
 * One agent, reached through the platform. Every call is repeated by itself when that can help and can not do harm: sends
 * carry an idempotency key, so the work is done once. Failures are {@link ColloquyError}s.
 */
export interface AgentClient {
  /** Says something and waits until the task ends or asks for input, unless `returnImmediately`. */
  send(message: MessageInput, options?: SendOptions): Promise<SendMessageResponse>;
  /** Says something and gives out what happens as it happens. */
  stream(message: MessageInput, options?: StreamOptions): TaskStream;
  /** The task as it stands. */
  getTask(id: string, options?: Cancelable & { readonly historyLength?: number }): Promise<Task>;
  /** One page of the caller's tasks with this agent. */
  listTasks(filter?: ListTasksRequest, options?: Cancelable): Promise<ListTasksResponse>;
  /** Asks the agent to stop and gives the task as it stands then. */
  cancelTask(id: string, options?: Cancelable): Promise<Task>;
  /** The task as it stands and what happens from then on; after `lastEventId`, only what came after it. */
  subscribe(id: string, options?: Cancelable & { readonly lastEventId?: string }): TaskStream;
}

/** What an agent client works with. */
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
    getTask: (id, { signal, ...trim } = {}) => {
      const get = { operation: 'GetTask', request: { id, ...trim } } as const;
      return retried(() => connection.call(get, decodeTask, { signal }), signal);
    },
    listTasks: (filter = {}, options = {}) => {
      const page = { operation: 'ListTasks', request: filter } as const;
      return retried(() => connection.call(page, decodeListTasksResponse, options), options.signal);
    },
    cancelTask: (id, options = {}) => {
      const cancel = { operation: 'CancelTask', request: { id } } as const;
      return retried(() => connection.call(cancel, decodeTask, options), options.signal);
    },
    subscribe: (id, { lastEventId, ...call } = {}) => {
      const watch = { operation: 'SubscribeToTask', request: { id } } as const;
      return createTaskStream({ connection, request: watch, call, backoff, lastEventId });
    },
  };
}

function callOptions({ signal, delegation, budgetMicrocredits }: SendOptions, idempotencyKey: string): CallOptions {
  const budget = budgetMicrocredits === undefined ? {} : { 'colloquy-budget': String(budgetMicrocredits) };
  return { signal, headers: { 'idempotency-key': idempotencyKey, ...delegationHeaders(delegation), ...budget } };
}
