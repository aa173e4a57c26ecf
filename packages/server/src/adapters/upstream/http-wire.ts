import type { TaskOperationRequest } from '@colloquy/protocol';
import type { ClientOutcome, ReadOptions, UnaryResults } from '@colloquy/protocol/codec';
import type { PeerError } from '@colloquy/protocol/errors';
import type { AnswerFrames, AnswerHeaders } from './answer-frames.ts';

/** What is asked of an agent. */
export type AgentRequest = Exclude<TaskOperationRequest, { readonly operation: 'ListTasks' }>;

/** An operation that the agent answers once. */
export type AgentUnary = 'SendMessage' | 'GetTask' | 'CancelTask';

/** One request in the words of a wire. */
export interface WireRequest {
  readonly method: 'POST' | 'GET';
  /** What follows the path of the interface URL; null for that URL as it is. */
  readonly suffix: string | null;
  /** Null for a request without a body. */
  readonly body: string | Buffer | null;
}

/**
 * One version and binding of A2A over HTTP, as a caller speaks it. `id` is the id of our task: unguessable, so that nothing but an
 * answer to this very request is taken for one. Decoders never throw, whatever an agent sends.
 */
export interface HttpWire {
  /** `Content-Type` of requests with a body. */
  readonly bodyType: string;
  /** Headers of every request, besides the agent's credential and the forward token: a flat list of names and values. */
  readonly headers: readonly string[];
  /** Names the extensions in use; null where the version has no word for it. */
  readonly extensionsHeader: string | null;
  /** Asks for HTTP/2 and takes nothing else. */
  readonly isHttp2?: true;
  encode(id: string, asked: AgentRequest): WireRequest;
  /** Throws `upstream.invalid-answer` and `upstream.outcome-unknown` where there is nothing to decode. */
  decodeAnswer<K extends AgentUnary>(
    operation: K,
    answer: AgentAnswer,
    read: ReadOptions,
  ): ClientOutcome<UnaryResults[K]>;
  /** Reads a stream that begins with these header fields. Throws `upstream.invalid-answer` when it is none. */
  framesOf(headers: AnswerHeaders, read: ReadOptions, eventBytesMax: number): AnswerFrames;
  /** What the agent says of its refusal by HTTP status; null when it says nothing that is known. */
  decodeRefusal(status: number, body: unknown, read: ReadOptions): PeerError | null;
}

/** A whole answer. Trailers are those of HTTP/2. */
export interface AgentAnswer {
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
  readonly trailers: AnswerHeaders;
}
