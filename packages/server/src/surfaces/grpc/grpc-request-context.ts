import type { Caller } from '../../kernel/caller.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import type { RequestId } from '../../kernel/ids.ts';
import type { Endpoint, LoggedRequest, PeerCertificate, RequestOrigin } from '../http/index.ts';
import type { CallFields } from './call-fields.ts';

export interface GrpcRequestContextOptions {
  readonly requestId: RequestId;
  readonly startedAtMs: number;
  /** From a closed set: it labels metrics. */
  readonly operation: string;
  /** The method's path, which names the call. */
  readonly target: string;
  readonly headers: CallFields;
  /** Breaks off the call at once, whatever waits to be sent. */
  readonly reset: () => void;
}

/** Of a call whose connection is gone nothing is known. */
const nowhere: RequestOrigin = { clientAddress: '', isSecure: false, certificate: null };

/** One call from its metadata to its status. */
export class GrpcRequestContext implements LoggedRequest {
  readonly requestId: RequestId;
  readonly startedAtMs: number;
  readonly endpoint: Endpoint;
  readonly operation = null;
  /** Every call is a POST (gRPC over HTTP/2). */
  readonly method = 'POST';
  readonly target: string;
  readonly headers: CallFields;
  readonly reset: () => void;
  /** Where the call comes from. */
  origin: RequestOrigin = nowhere;
  /** Null until the caller is known. */
  caller: Caller | null = null;
  /** Counts against the calls admitted at once. */
  isInFlight = false;
  /** What its message counts for among the bytes in flight. */
  messageBytes = 0;
  /** For the next proof of the caller; null: the one it has will do. */
  proofNonce: string | null = null;
  readonly #aborter = new AbortController();
  #failure: PlatformError | null = null;

  constructor({ requestId, startedAtMs, operation, target, headers, reset }: GrpcRequestContextOptions) {
    this.requestId = requestId;
    this.startedAtMs = startedAtMs;
    this.endpoint = { surface: 'grpc', operation };
    this.target = target;
    this.headers = headers;
    this.reset = reset;
  }

  /** IP address of the client, as far as it can be believed. */
  get clientAddress(): string {
    return this.origin.clientAddress;
  }

  /** The certificate that the client has shown; null for none. */
  get peerCertificate(): PeerCertificate | null {
    return this.origin.certificate;
  }

  /** Why the call failed. The first failure counts. */
  get failure(): PlatformError | null {
    return this.#failure;
  }

  offerNonce(nonce: string): void {
    this.proofNonce = nonce;
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
