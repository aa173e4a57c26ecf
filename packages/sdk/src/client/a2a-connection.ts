import { readJson } from '@colloquy/protocol/json';
import { decodeJsonRpcAnswer } from '@colloquy/protocol/jsonrpc';
import { defaultDecodeLimits, encodeCall, eventStreamType, versionHeader } from '@colloquy/protocol/v1';
import type { DecodeLimits, OperationRequest } from '@colloquy/protocol/v1';
import { DecodeError } from '@colloquy/protocol/errors';
import type { AuthorizedCall } from './authorized-call.ts';
import { clientLimits } from './client-limits.ts';
import type { ColloquyError } from './colloquy-error.ts';
import { jsonRpcFailure, originOf, problemFailure } from './error-answer.ts';
import type { ErrorOrigin } from './error-answer.ts';
import { invalidAnswer, readAnswerJson } from './http-answer.ts';

/** Options of one call besides its request. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decodes a result into the model. Throws a {@link DecodeError}. */
export type ResultDecoder<T> = (value: unknown, limits: DecodeLimits) => T;

/** JSON-RPC calls to one agent. Refusals are thrown as {@link ColloquyError}. */
export interface A2aConnection {
  /** One request, one answer. */
  call<T>(request: OperationRequest, decode: ResultDecoder<T>, options: CallOptions): Promise<T>;
  /** Opens a stream; the response's body is `text/event-stream`. */
  open(request: OperationRequest, options: CallOptions): Promise<Response>;
  /** Reads the data of one event of a stream. */
  read<T>(data: string, decode: ResultDecoder<T>, response: Response): T;
}

/** Bounded by the size of the whole answer; single fields need no bound of their own. */
const resultLimits: DecodeLimits = {
  ...defaultDecodeLimits,
  partsMax: 1_000_000,
  textBytesMax: clientLimits.answerBytesMax,
  rawBytesMax: clientLimits.answerBytesMax,
  stringCharsMax: clientLimits.answerBytesMax,
  artifactsMax: 1_000_000,
  historyMax: 1_000_000,
  structDepthMax: 128,
};
const jsonDepthMax = 256;

/** Each HTTP exchange carries one call, so one id serves all. */
const callId = 1;

/** Speaks A2A 1.0 JSON-RPC with the agent at `url`. */
export function connectA2a(authorized: AuthorizedCall, url: string): A2aConnection {
  const post = (request: OperationRequest, accept: string, options: CallOptions): Promise<Response> =>
    authorized(url, {
      method: 'POST',
      headers: { ...options.headers, 'content-type': 'application/json', accept, [versionHeader]: '1.0' },
      body: encodeCall(callId, request),
      signal: options.signal ?? null,
    });
  return {
    call: async (request, decode, options) => {
      const response = await post(request, 'application/json', options);
      return resultOf(await readAnswerJson(response), decode, originOf(response));
    },
    open: async (request, options) => {
      const response = await post(request, eventStreamType, options);
      if (response.ok && response.headers.get('content-type')?.startsWith(eventStreamType)) return response;
      return resultOf(await readAnswerJson(response), refuseUnstreamed, originOf(response));
    },
    read: (data, decode, response) => {
      const reading = readJson(data, { depthMax: jsonDepthMax });
      return resultOf(reading.kind === 'value' ? reading.value : undefined, decode, originOf(response));
    },
  };
}

function resultOf<T>(body: unknown, decode: ResultDecoder<T>, origin: ErrorOrigin): T {
  const answer = decodeJsonRpcAnswer(body, callId);
  if (answer.kind === 'error') throw jsonRpcFailure(errorMember(body), origin);
  if (answer.kind === 'malformed') throw malformed(body, origin, answer.message);
  try {
    return decode(answer.result, resultLimits);
  } catch (error) {
    if (error instanceof DecodeError) throw invalidAnswer(error.message, origin.requestId);
    throw error;
  }
}

/** A proxy answered, or the platform refused the request before it read it as JSON-RPC. */
function malformed(body: unknown, origin: ErrorOrigin, reason: string): ColloquyError {
  return origin.status >= 400 ? problemFailure(body, origin) : invalidAnswer(reason, origin.requestId);
}

function errorMember(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
}

function refuseUnstreamed(): never {
  throw new DecodeError([{ field: '', description: `must be ${eventStreamType}` }]);
}
