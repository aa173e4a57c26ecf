import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Caller } from '../../kernel/caller.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import type { RequestId } from '../../kernel/ids.ts';
import type { PeerCertificate } from './peer-certificate.ts';
import type { RequestOrigin, RequestOrigins } from './request-origin.ts';
import type { TakenConnection } from './taken-connection.ts';

/** What surface an endpoint belongs to and what it does by default. */
export interface Endpoint {
  /** Which audience: `a2a`, `admin`, `oauth`, `ops` … */
  readonly surface: string;
  /** One operation, or the name of an endpoint that serves several and names each on the request context. */
  readonly operation: string;
}

export const unknownEndpoint: Endpoint = { surface: 'http', operation: 'unknown-address' };

interface Exchange {
  readonly kind: 'http';
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface TakenExchange {
  readonly kind: 'taken';
  readonly connection: TakenConnection;
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
}

/** One request from its first byte to the end of its answer. */
export class RequestContext {
  readonly requestId: RequestId;
  readonly startedAtMs: number;
  /** The connection it came by. */
  readonly socket: Socket;
  endpoint: Endpoint = unknownEndpoint;
  /** Set by an endpoint that serves several operations. From a closed set: it labels metrics. */
  operation: string | null = null;
  /** The caller, once it is authenticated. */
  caller: Caller | null = null;
  /** The caller once it is authorized; for an operator, acting for the tenant that the path names. */
  actingCaller: Caller | null = null;
  /** Counts against the requests admitted at once. */
  isInFlight = false;
  isOver = false;
  /** The connection was to end with an earlier request: this one is refused. */
  isTooLate = false;
  /** Too much was pipelined on the connection: this request is refused. */
  isTooFarAhead = false;
  /** Starts the request when the answers before it on its connection have left; null once it has started. */
  onStart: (() => void) | null = null;
  /** What its body counts for among the bytes in flight. */
  bodyBytes = 0;
  /** Where the request comes from, when its fields say more than its connection. */
  toldOrigin: RequestOrigin | null = null;
  /** Replaced when the answer continues without Node's HTTP, so that the original exchange can be freed. */
  #exchange: Exchange | TakenExchange;
  #failure: PlatformError | null = null;
  #aborter: AbortController | null = null;
  readonly #origins: RequestOrigins;

  constructor(
    requestId: RequestId,
    startedAtMs: number,
    exchange: { request: IncomingMessage; response: ServerResponse; origins: RequestOrigins },
  ) {
    const { request, response, origins } = exchange;
    this.requestId = requestId;
    this.startedAtMs = startedAtMs;
    this.socket = request.socket;
    this.#origins = origins;
    this.#exchange = { kind: 'http', request, response };
  }

  /** IP address of the client, as far as it can be believed: proxies are asked only when they are trusted. */
  get clientAddress(): string {
    return this.#origin.clientAddress;
  }

  /** The client's own connection is encrypted. */
  get isSecure(): boolean {
    return this.#origin.isSecure;
  }

  /** The certificate that the client has shown; null for none. */
  get peerCertificate(): PeerCertificate | null {
    return this.#origin.certificate;
  }

  get #origin(): RequestOrigin {
    return this.toldOrigin ?? this.#origins.ofConnection(this.socket);
  }

  get request(): IncomingMessage {
    return this.#http().request;
  }

  get response(): ServerResponse {
    return this.#http().response;
  }

  /** The whole answer has left. */
  get isAnswered(): boolean {
    return this.#exchange.kind === 'http'
      ? this.#exchange.response.writableFinished
      : this.#exchange.connection.writableFinished;
  }

  /** The whole request has come in. */
  get isReceived(): boolean {
    return this.#exchange.kind === 'taken' || this.#exchange.request.complete;
  }

  /** Of the answer as it has begun. */
  get status(): number {
    return this.#exchange.kind === 'http' ? this.#exchange.response.statusCode : this.#exchange.status;
  }

  /** Why the request failed. The first failure counts: what follows from it is not the reason. */
  get failure(): PlatformError | null {
    return this.#failure;
  }

  get headers(): IncomingMessage['headers'] {
    return this.#exchange.kind === 'http' ? this.#exchange.request.headers : this.#exchange.headers;
  }

  get method(): string {
    return this.request.method ?? '';
  }

  /** The request target as it was sent (RFC 9112 section 3.2): a path, and a query if there is one. */
  get target(): string {
    return this.request.url ?? '';
  }

  /** Gives the sender a nonce for its next proof, with whatever it is answered. */
  offerNonce(nonce: string): void {
    if (!this.response.headersSent) this.response.setHeader('DPoP-Nonce', nonce);
  }

  /** Remembers why the request fails; it is logged once, when the answer ends. */
  fail(error: PlatformError): void {
    this.#failure ??= error;
  }

  /** Keeps of the request's fields only what its end needs, the caller's reference: a stream lives long, and a token is large. */
  forgetHead(): void {
    const { request } = this;
    const reference = request.headers['x-request-id'];
    request.headers = reference === undefined ? {} : { 'x-request-id': reference };
    request.rawHeaders = [];
  }

  /** The answer continues without Node's HTTP; its request and response are released. */
  continueOn(connection: TakenConnection): void {
    this.#exchange = { kind: 'taken', connection, status: this.status, headers: this.headers };
  }

  /** Aborts when the connection is gone before the answer is complete. Made when it is first used. */
  get signal(): AbortSignal {
    if (this.#aborter === null) {
      this.#aborter = new AbortController();
      if (this.isOver && !this.isAnswered) this.#aborter.abort();
    }
    return this.#aborter.signal;
  }

  /** Aborts the signal: the client does not wait for the answer any more. */
  abort(): void {
    this.#aborter?.abort();
  }

  #http(): Exchange {
    if (this.#exchange.kind === 'taken') throw new Error('The connection of this request was taken.');
    return this.#exchange;
  }
}
