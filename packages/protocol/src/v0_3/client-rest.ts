import { decodeDocument } from '../codec/index.ts';
import type { ClientOutcome, ReadOptions, UnaryResults } from '../codec/index.ts';
import { readJson } from '../json/index.ts';
import type { StreamResponse, TaskOperationRequest } from '../model/index.ts';
import { unaryDecoders } from './client-jsonrpc.ts';
import type { RpcUnaryOperation } from './client-jsonrpc.ts';
import { decodeStreamResponse } from './decode-task.ts';
import { wireSend } from './encode-request.ts';
import { parseRestError } from './errors.ts';

/** One request of HTTP+JSON. */
export interface RestCall {
  readonly verb: 'GET' | 'POST';
  /** Path and query, to be put behind the interface URL's path. */
  readonly path: string;
  /** JSON text; null for a request without a body. */
  readonly body: string | null;
}

/** The calls that this client makes over HTTP+JSON. */
export type RestRequest = Exclude<TaskOperationRequest, { readonly operation: 'ListTasks' }>;

/** One request of an agent of 0.3 over HTTP+JSON. */
export function encodeRestCall({ operation, request }: RestRequest): RestCall {
  switch (operation) {
    case 'SendMessage':
      return { verb: 'POST', path: '/v1/message:send', body: JSON.stringify(wireSend(request, 'proto')) };
    case 'SendStreamingMessage':
      return { verb: 'POST', path: '/v1/message:stream', body: JSON.stringify(wireSend(request, 'proto')) };
    case 'GetTask': {
      const query = request.historyLength === undefined ? '' : `?historyLength=${request.historyLength}`;
      return { verb: 'GET', path: taskPath(request.id) + query, body: null };
    }
    case 'CancelTask':
      return { verb: 'POST', path: `${taskPath(request.id)}:cancel`, body: '{}' };
    case 'SubscribeToTask':
      return { verb: 'GET', path: `${taskPath(request.id)}:subscribe`, body: null };
  }
}

function taskPath(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}

/** How an answer is read; the binding has no request ids. */
type RestReadOptions = Pick<ReadOptions, 'depthMax' | 'limits'>;

/** Reads the body of a successful answer to {@link encodeRestCall}. Never throws, whatever the bytes. */
export function decodeRestAnswer<K extends RpcUnaryOperation>(
  operation: K,
  body: Uint8Array | string,
  options: RestReadOptions,
): ClientOutcome<UnaryResults[K]> {
  const decode = unaryDecoders[operation];
  return decodeDocument(body, options, (value, limits) => decode(value, limits, 'proto'));
}

/** Reads the data of one SSE event: a bare item, or an error object as the last one. Never throws, whatever the data. */
export function decodeRestStreamData(data: string, options: RestReadOptions): ClientOutcome<StreamResponse> {
  const outcome = decodeDocument(data, options, (value, limits) => decodeStreamResponse(value, limits, 'proto'));
  if (outcome.kind !== 'invalid') return outcome;
  const reading = readJson(data, options);
  const error = reading.kind === 'value' ? parseRestError(reading.value) : null;
  return error === null ? outcome : { kind: 'agent-error', error };
}
