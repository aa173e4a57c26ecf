import type { StreamResponse, TaskOperationRequest } from '@colloquy/protocol';
import type { ClientOutcome, ReadOptions, UnaryResults } from '@colloquy/protocol/codec';
import type { PeerError } from '@colloquy/protocol/errors';

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
  readonly body: string | null;
}

/**
 * One version and binding of A2A over HTTP, as a caller speaks it. `id` is the id of our task: unguessable, so that nothing but an
 * answer to this very request is taken for one. Decoders never throw, whatever an agent sends.
 */
export interface HttpWire {
  /** Names and values in turn: what every request bears beside `Content-Type` and `Accept`. */
  readonly headers: readonly string[];
  encode(id: string, asked: AgentRequest): WireRequest;
  decodeAnswer<K extends AgentUnary>(operation: K, body: Uint8Array, read: ReadOptions): ClientOutcome<UnaryResults[K]>;
  /** Reads the data of one event of a stream. */
  decodeEvent(data: string, read: ReadOptions): ClientOutcome<StreamResponse>;
  /** What the agent says of its refusal; null when it says nothing that is known. */
  decodeRefusal(status: number, body: unknown, read: ReadOptions): PeerError | null;
}
