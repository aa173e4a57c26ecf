import { decodeDocument, isRecord } from '../codec/index.ts';
import type { ClientOutcome, DecodeLimits, ReadOptions, UnaryOperation, UnaryResults } from '../codec/index.ts';
import { parseRestError } from '../errors/index.ts';
import { readJson } from '../json/index.ts';
import type { StreamResponse, TaskOperationRequest } from '../model/index.ts';
import { decodeListTasksResponse, decodeSendMessageResponse, decodeStreamResponse, decodeTask } from './decode-task.ts';
import { encodeRequest } from './encode.ts';

/** A call of the HTTP+JSON binding. */
export interface RestCall {
  readonly verb: 'GET' | 'POST';
  /** Path and query, to be put behind the interface URL's path. */
  readonly path: string;
  /** JSON text; null for a call without a body. */
  readonly body: string | null;
}

/** How an answer is read; the binding has no request ids. */
export type RestReadOptions = Pick<ReadOptions, 'depthMax' | 'limits'>;

/** One call of the HTTP+JSON binding (A2A 1.0 section 11.3). `request.routingTag` goes out as the first segment of the path. */
export function encodeRestCall({ operation, request }: TaskOperationRequest): RestCall {
  const { routingTag, ...fields } = request;
  const base = routingTag === undefined ? '' : `/${encodeURIComponent(routingTag)}`;
  const task = 'id' in request ? `${base}/tasks/${encodeURIComponent(request.id)}` : '';
  switch (operation) {
    case 'SendMessage':
      return { verb: 'POST', path: `${base}/message:send`, body: encodeRequest(fields) };
    case 'SendStreamingMessage':
      return { verb: 'POST', path: `${base}/message:stream`, body: encodeRequest(fields) };
    case 'GetTask':
      return { verb: 'GET', path: task + queryOf({ historyLength: request.historyLength }), body: null };
    case 'ListTasks':
      return { verb: 'GET', path: `${base}/tasks${queryOf({ ...request, routingTag: undefined })}`, body: null };
    case 'CancelTask': {
      const { metadata } = request;
      return { verb: 'POST', path: `${task}:cancel`, body: JSON.stringify(metadata === undefined ? {} : { metadata }) };
    }
    case 'SubscribeToTask':
      // As the specification's text says; its proto annotation has GET.
      return { verb: 'POST', path: `${task}:subscribe`, body: null };
  }
}

function queryOf(fields: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

const unaryDecoders: { readonly [K in UnaryOperation]: (value: unknown, limits: DecodeLimits) => UnaryResults[K] } = {
  SendMessage: decodeSendMessageResponse,
  GetTask: decodeTask,
  ListTasks: decodeListTasksResponse,
  CancelTask: decodeTask,
};

/** Reads the body of a successful answer to {@link encodeRestCall}. Never throws, whatever the bytes. */
export function decodeRestAnswer<K extends UnaryOperation>(
  operation: K,
  body: Uint8Array | string,
  options: RestReadOptions,
): ClientOutcome<UnaryResults[K]> {
  return decodeDocument(body, options, unaryDecoders[operation]);
}

/** Reads the data of one SSE event: a bare StreamResponse, or an error body as the last one. Never throws, whatever the data. */
export function decodeRestStreamData(data: string, options: RestReadOptions): ClientOutcome<StreamResponse> {
  const outcome = decodeDocument(data, options, decodeStreamResponse);
  if (outcome.kind !== 'invalid') return outcome;
  const reading = readJson(data, options);
  if (reading.kind === 'refusal' || !isRecord(reading.value) || !isRecord(reading.value['error'])) return outcome;
  const { code } = reading.value['error'];
  return { kind: 'agent-error', error: parseRestError(reading.value, typeof code === 'number' ? code : 500) };
}
