import type { Caller } from '../../kernel/caller.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import type { RequestId } from '../../kernel/ids.ts';
import type { Endpoint, LoggedVisit } from '../http/index.ts';
import type { CallFields } from './call-fields.ts';

export interface GrpcVisitOptions {
  readonly requestId: RequestId;
  readonly startedAtMs: number;
  /** From a closed set: it labels metrics. */
  readonly operation: string;
  readonly headers: CallFields;
  /** Breaks off the call at once, whatever waits to be sent. */
  readonly reset: () => void;
}

/** One call from its metadata to its status. */
export class GrpcVisit implements LoggedVisit {
  readonly requestId: RequestId;
  readonly startedAtMs: number;
  readonly endpoint: Endpoint;
  readonly operation = null;
  readonly headers: CallFields;
  readonly reset: () => void;
  /** Who asks, once that is known. */
  caller: Caller | null = null;
  /** Counts against the calls admitted at once. */
  isInFlight = false;
  /** What its message counts for among the bytes in flight. */
  messageBytes = 0;
  readonly #aborter = new AbortController();
  #failure: PlatformError | null = null;

  constructor({ requestId, startedAtMs, operation, headers, reset }: GrpcVisitOptions) {
    this.requestId = requestId;
    this.startedAtMs = startedAtMs;
    this.endpoint = { surface: 'grpc', operation };
    this.headers = headers;
    this.reset = reset;
  }

  /** Why the call failed. The first failure counts. */
  get failure(): PlatformError | null {
    return this.#failure;
  }

  fail(error: PlatformError): void {
    this.#failure ??= error;
  }

  /** Aborts when the call is canceled, its deadline passes or its connection is gone before its status was sent. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  abort(): void {
    this.#aborter.abort();
  }
}
