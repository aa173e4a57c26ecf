import { decodeResult } from '../codec/index.ts';
import type { ClientOutcome, DecodeLimits, ReadOptions, UnaryOperation, UnaryResults } from '../codec/index.ts';
import { encodeJsonRpcRequest } from '../jsonrpc/index.ts';
import type { GetTaskRequest, SendMessageRequest, StreamResponse, TaskOperationRequest } from '../model/index.ts';
import type { MessageIdOf } from './decode-message.ts';
import { decodeSendAnswer, decodeStreamResponse, decodeTask } from './decode-task.ts';
import { metadataOf, wireMessageOf } from './encode-message.ts';
import { methodOf } from './operations.ts';

/** A request that A2A 0.1 has a method for. */
export type LegacyRequest = Exclude<TaskOperationRequest, { readonly operation: 'ListTasks' }>;

/** An operation that answers once. */
export type LegacyUnary = Exclude<UnaryOperation, 'ListTasks'>;

/** How an answer is read: its messages, which have no ids on this wire, get them from `messageIdOf`. */
export interface LegacyReadOptions extends ReadOptions {
  readonly messageIdOf: MessageIdOf;
}

/** The body of a JSON-RPC call, as JSON text. On this wire the caller chooses task ids: a message to no task begins the task `id`. */
export function encodeCall(id: string, { operation, request }: LegacyRequest): string {
  return encodeJsonRpcRequest(id, methodOf[operation], JSON.stringify(paramsOf(id, request)));
}

function paramsOf(id: string, request: LegacyRequest['request']): object {
  return 'message' in request ? sendParamsOf(id, request) : taskParamsOf(request);
}

function sendParamsOf(newId: string, { message, configuration, metadata }: SendMessageRequest): object {
  const { historyLength, acceptedOutputModes } = configuration ?? {};
  return {
    id: message.taskId ?? newId,
    ...(message.contextId === undefined ? {} : { sessionId: message.contextId }),
    message: wireMessageOf(message),
    ...(acceptedOutputModes === undefined ? {} : { acceptedOutputModes }),
    ...(historyLength === undefined ? {} : { historyLength }),
    ...metadataOf(metadata),
  };
}

function taskParamsOf({ id, historyLength }: GetTaskRequest): object {
  return { id, ...(historyLength === undefined ? {} : { historyLength }) };
}

type Decode<T> = (value: unknown, limits: DecodeLimits, messageIdOf: MessageIdOf) => T;

const decoders: { readonly [K in LegacyUnary]: Decode<UnaryResults[K]> } = {
  SendMessage: decodeSendAnswer,
  GetTask: decodeTask,
  CancelTask: decodeTask,
};

/** Reads the body of an answer to {@link encodeCall}. Never throws, whatever the bytes. */
export function decodeAnswer<K extends LegacyUnary>(
  operation: K,
  body: Uint8Array | string,
  options: LegacyReadOptions,
): ClientOutcome<UnaryResults[K]> {
  const decode: Decode<UnaryResults[K]> = decoders[operation];
  return decodeResult(body, options, (value, limits) => decode(value, limits, options.messageIdOf));
}

/** Reads the data of one SSE event of tasks/sendSubscribe or tasks/resubscribe. Never throws, whatever the data. */
export function decodeStreamData(data: string, options: LegacyReadOptions): ClientOutcome<StreamResponse> {
  return decodeResult(data, options, (value, limits) => decodeStreamResponse(value, limits, options.messageIdOf));
}
