import { DecodeError } from '../errors/index.ts';
import type { FieldViolation, PeerError } from '../errors/index.ts';
import { decodeJsonRpcAnswer, encodeJsonRpcRequest } from '../jsonrpc/index.ts';
import type { JsonRpcId } from '../jsonrpc/index.ts';
import { readJson } from '../json/index.ts';
import type { ListTasksResponse, SendMessageResponse, StreamResponse, Task } from '../model/index.ts';
import { decodeListTasksResponse, decodeSendMessageResponse, decodeStreamResponse, decodeTask } from './decode-task.ts';
import { encodeRequest } from './encode.ts';
import type { DecodeLimits } from './limits.ts';
import type { OperationRequest, TaskOperation } from './operations.ts';

/** The result of each operation that answers once. */
export interface UnaryResults {
  readonly SendMessage: SendMessageResponse;
  readonly GetTask: Task;
  readonly ListTasks: ListTasksResponse;
  readonly CancelTask: Task;
}

/** An operation that answers once. */
export type UnaryOperation = keyof UnaryResults;

/** An operation that answers with a stream. */
export type StreamOperation = Exclude<TaskOperation, UnaryOperation>;

/**
 * What an agent answered. `agent-error`: it refused, in order. `invalid`: it broke the protocol; the violations say
 * where, and `message` quotes nothing the agent sent.
 */
export type ClientOutcome<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'agent-error'; readonly error: PeerError }
  | { readonly kind: 'invalid'; readonly message: string; readonly violations: readonly FieldViolation[] };

/** How an answer is read. */
export interface ReadOptions {
  /** The id of the request it must answer. */
  readonly id: JsonRpcId;
  readonly depthMax: number;
  readonly limits: DecodeLimits;
}

/** The body of a JSON-RPC call, as JSON text. `request.routingTag` goes out as `tenant`. */
export function encodeCall(id: JsonRpcId, { operation, request }: OperationRequest): string {
  return encodeJsonRpcRequest(id, operation, encodeRequest(request));
}

const unaryDecoders: { readonly [K in UnaryOperation]: (value: unknown, limits: DecodeLimits) => UnaryResults[K] } = {
  SendMessage: decodeSendMessageResponse,
  GetTask: decodeTask,
  ListTasks: decodeListTasksResponse,
  CancelTask: decodeTask,
};

/** Reads the body of an answer to {@link encodeCall}. Never throws, whatever the bytes. */
export function decodeAnswer<K extends UnaryOperation>(
  operation: K,
  body: Uint8Array | string,
  options: ReadOptions,
): ClientOutcome<UnaryResults[K]> {
  return decodeBody(body, options, unaryDecoders[operation]);
}

/** Reads the data of one SSE event of SendStreamingMessage or SubscribeToTask. Never throws, whatever the data. */
export function decodeStreamData(data: string, options: ReadOptions): ClientOutcome<StreamResponse> {
  return decodeBody(data, options, decodeStreamResponse);
}

function decodeBody<T>(
  body: Uint8Array | string,
  { id, depthMax, limits }: ReadOptions,
  decode: (value: unknown, limits: DecodeLimits) => T,
): ClientOutcome<T> {
  const reading = readJson(body, { depthMax });
  if (reading.kind === 'refusal') return invalid(reading.message);
  const answer = decodeJsonRpcAnswer(reading.value, id);
  if (answer.kind === 'malformed') return invalid(answer.message);
  if (answer.kind === 'error') return { kind: 'agent-error', error: answer.error };
  try {
    return { kind: 'value', value: decode(answer.result, limits) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return invalid('the result breaks the protocol', error.violations);
  }
}

function invalid<T>(message: string, violations: readonly FieldViolation[] = []): ClientOutcome<T> {
  return { kind: 'invalid', message, violations };
}
