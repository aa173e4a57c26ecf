import { parseSseStream } from '@a2a-js/sdk';
import type { CallOptions, Place, Reply, StreamEvent, WireStream } from './binding.ts';
import { refusedStream, streamOf } from './event-queue.ts';

/** One HTTP request of a binding. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly contentType?: string;
  readonly body?: string;
}

const requestMsMax = 30_000;

/** Sends a request as the caller of `place`, with the service parameters as headers. */
export function exchange(
  place: Place,
  request: HttpRequest,
  options: CallOptions = {},
  abort: AbortController = new AbortController(),
): Promise<Response> {
  const { token = place.token, version = '1.0', parameters = {} } = options;
  return fetch(request.url, {
    method: request.method,
    headers: {
      ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(version === null ? {} : { 'a2a-version': version }),
      ...parameters,
    },
    ...(request.body === undefined ? {} : { body: request.body }),
    redirect: 'manual',
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(requestMsMax)]),
  });
}

export const headerOf = (response: Response) => (name: string) => response.headers.get(name) ?? undefined;

/** JSON of a body; a text that is none stays a text. */
export async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

export interface StreamReading {
  readonly abort: AbortController;
  /** Reads the answer that came in place of a stream. */
  readonly replyOf: (response: Response) => Promise<Reply>;
  /** Takes an event out of its data. */
  readonly eventOf: (data: unknown) => StreamEvent;
}

/** Reads server-sent events with the official SDK's parser, so that no parser of ours judges a formatter of ours. */
export async function readStream(response: Response, { abort, replyOf, eventOf }: StreamReading): Promise<WireStream> {
  const contentType = headerOf(response)('content-type');
  if (contentType?.startsWith('text/event-stream') !== true) return refusedStream(await replyOf(response));
  return streamOf(events(response, eventOf), { contentType, close: () => abort.abort() });
}

async function* events(response: Response, eventOf: (data: unknown) => StreamEvent): AsyncGenerator<StreamEvent> {
  for await (const { type, data } of parseSseStream(response)) {
    if (type === 'error') throw new Error(`The stream ended with an error: ${data}`);
    yield eventOf(JSON.parse(data));
  }
}
