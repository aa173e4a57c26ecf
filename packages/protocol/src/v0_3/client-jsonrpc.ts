import { decodeResult } from '../codec/index.ts';
import type { ClientOutcome, DecodeLimits, ReadOptions, UnaryOperation, UnaryResults } from '../codec/index.ts';
import { encodeJsonRpcRequest } from '../jsonrpc/index.ts';
import type { JsonRpcId } from '../jsonrpc/index.ts';
import type { OperationRequest, StreamResponse } from '../model/index.ts';
import { decodeSendMessageResponse, decodeStreamResponse, decodeTask } from './decode-task.ts';
import { wireParams } from './encode-request.ts';
import type { Dialect } from './names.ts';
import { methodOfOperation } from './operations.ts';

/** A call that 0.3 has a JSON-RPC method for. */
export type RpcRequest = Exclude<OperationRequest, { readonly operation: 'ListTasks' }>;

/** An operation that answers once with a task or a message. */
export type RpcUnaryOperation = Exclude<UnaryOperation, 'ListTasks'>;

type AnswerDecoders = {
  readonly [K in RpcUnaryOperation]: (value: unknown, limits: DecodeLimits, dialect: Dialect) => UnaryResults[K];
};

/** The decoders of the answers that both bindings have. */
export const unaryDecoders: AnswerDecoders = {
  SendMessage: decodeSendMessageResponse,
  GetTask: decodeTask,
  CancelTask: decodeTask,
};

/** The body of a JSON-RPC call of an agent of 0.3, as JSON text. */
export function encodeCall(id: JsonRpcId, call: RpcRequest): string {
  return encodeJsonRpcRequest(id, methodOfOperation[call.operation], JSON.stringify(wireParams(call) ?? {}));
}

/** Reads the body of an answer to {@link encodeCall}. Never throws, whatever the bytes. */
export function decodeAnswer<K extends RpcUnaryOperation>(
  operation: K,
  body: Uint8Array | string,
  options: ReadOptions,
): ClientOutcome<UnaryResults[K]> {
  const decode = unaryDecoders[operation];
  return decodeResult(body, options, (value, limits) => decode(value, limits, 'json'));
}

/** Reads the data of one SSE event of `message/stream` or `tasks/resubscribe`. Never throws, whatever the data. */
export function decodeStreamData(data: string, options: ReadOptions): ClientOutcome<StreamResponse> {
  return decodeResult(data, options, (value, limits) => decodeStreamResponse(value, limits, 'json'));
}
