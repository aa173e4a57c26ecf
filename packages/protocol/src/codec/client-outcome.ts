import { DecodeError } from '../errors/index.ts';
import type { FieldViolation, PeerError } from '../errors/index.ts';
import { decodeJsonRpcAnswer } from '../jsonrpc/index.ts';
import type { JsonRpcId } from '../jsonrpc/index.ts';
import { readJson } from '../json/index.ts';
import type { ListTasksResponse, SendMessageResponse, Task, TaskOperation } from '../model/index.ts';
import type { DecodeLimits } from './limits.ts';

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

/** Reads the result of a JSON-RPC answer with a codec's decoder. Never throws, whatever the bytes. */
export function decodeResult<T>(
  body: Uint8Array | string,
  { id, depthMax, limits }: ReadOptions,
  decode: (value: unknown, limits: DecodeLimits) => T,
): ClientOutcome<T> {
  const reading = readJson(body, { depthMax });
  if (reading.kind === 'refusal') return invalid(reading.message);
  const answer = decodeJsonRpcAnswer(reading.value, id);
  if (answer.kind === 'malformed') return invalid(answer.message);
  if (answer.kind === 'error') return { kind: 'agent-error', error: answer.error };
  return decodeValue(answer.result, limits, decode);
}

/** Reads a bare answer, such as REST's, with a codec's decoder. Never throws, whatever the bytes. */
export function decodeDocument<T>(
  body: Uint8Array | string,
  { depthMax, limits }: Pick<ReadOptions, 'depthMax' | 'limits'>,
  decode: (value: unknown, limits: DecodeLimits) => T,
): ClientOutcome<T> {
  const reading = readJson(body, { depthMax });
  return reading.kind === 'refusal' ? invalid(reading.message) : decodeValue(reading.value, limits, decode);
}

function decodeValue<T>(
  value: unknown,
  limits: DecodeLimits,
  decode: (value: unknown, limits: DecodeLimits) => T,
): ClientOutcome<T> {
  try {
    return { kind: 'value', value: decode(value, limits) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return invalid('the result breaks the protocol', error.violations);
  }
}

function invalid<T>(message: string, violations: readonly FieldViolation[] = []): ClientOutcome<T> {
  return { kind: 'invalid', message, violations };
}
