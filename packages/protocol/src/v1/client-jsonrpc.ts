import { decodeResult } from '../codec/index.ts';
import type { ClientOutcome, DecodeLimits, ReadOptions, UnaryOperation, UnaryResults } from '../codec/index.ts';
import { encodeJsonRpcRequest } from '../jsonrpc/index.ts';
import type { JsonRpcId } from '../jsonrpc/index.ts';
import type { StreamResponse, OperationRequest } from '../model/index.ts';
import { decodeListTasksResponse, decodeSendMessageResponse, decodeStreamResponse, decodeTask } from './decode-task.ts';
import { encodeRequest } from './encode.ts';

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
  return decodeResult(body, options, unaryDecoders[operation]);
}

/** Reads the data of one SSE event of SendStreamingMessage or SubscribeToTask. Never throws, whatever the data. */
export function decodeStreamData(data: string, options: ReadOptions): ClientOutcome<StreamResponse> {
  return decodeResult(data, options, decodeStreamResponse);
}
