import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { networkOf } from './address-ranges.ts';
import type { AssertStillIn } from './caller.ts';
import { answerMalformed } from './malformed-request.ts';
import type { ConnectionBounds } from './connections.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Log } from './log.ts';
import { PageRules, preflightFieldsFor } from './page-rules.ts';
import { renderProblem } from './problem-renderer.ts';
import { assertUnambiguous } from './request-guard.ts';
import { RequestOrigins } from './request-origin.ts';
import { CommonResponse, setCommonHeaders } from './head-fields.ts';
import { TrustedAuthorities } from './trusted-authorities.ts';
import { tlsOptionsOf } from './tls.ts';
import type { ListenerTls } from './tls.ts';
import { unknownEndpoint, RequestContext } from './request-context.ts';
import type { Endpoint } from './request-context.ts';
import { OpenRequests } from './open-requests.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the platform knows of this request. */
    context: RequestContext;
  }
  interface FastifyContextConfig {
    /** Names the endpoint in metrics and in the log. */
    endpoint?: Endpoint;
  }
  interface FastifyInstance {
    openRequests: OpenRequests;
  }
}

export interface HttpServerOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Public base URL of the platform: where an unauthenticated client finds how to get a token. */
  readonly publicUrl?: string;
  /** Requests admitted at once; above it 503. */
  readonly requestsInFlightMax?: number;
  /** Connections open at once, however they were accepted; one more is closed. */
  readonly connectionsMax?: number;
  /** Replaces the bounds of `limits` on unauthenticated connections. */
  readonly unauthenticatedConnections?: ConnectionBounds;
  /** Where requests come from. Default: from where their connections say. */
  readonly origins?: RequestOrigins;
  /** Default: plain HTTP. */
  readonly tls?: ListenerTls;
  /** Default: no page may read an answer, and clients are elsewhere. */
  readonly pages?: PageRules;
  /** Counts an unauthenticated request; throws `request.rate-limited`. Nothing is counted without it. */
  readonly admitUnauthenticated?: (network: string) => void;
  /** Checks the rights of the caller again when a request arrived slowly, before the request is handled. */
  readonly assertStillIn?: AssertStillIn;
}

/** JSON by any of its names (RFC 6838 section 4.2.8), with or without parameters. */
const jsonMediaType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

const preflightEndpoint: Endpoint = { surface: 'http', operation: 'preflight' };

/** A blocking answer may take its whole time, and its reader a while longer; then the connection counts as dead. */
const silentConnectionMs = limits.blockingWaitMs + 60_000;

/** Watches a request from now on, and calls back when its turn on its connection has come. */
type WatchRequest = (request: FastifyRequest, reply: FastifyReply, onStart: () => void) => void;

/**
 * The HTTP server on which surfaces register their endpoints. It is not listening yet. A JSON body arrives as the Buffer that
 * was sent; every other content type is refused with `request.unsupported-media-type`. Errors become problem documents
 * unless a surface sets an error handler of its own.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const inFlightMax = options.requestsInFlightMax ?? limits.requestsInFlightMax;
  const openRequests = new OpenRequests({ connectionsMax: limits.connectionsMax, ...options, inFlightMax });
  const origins = options.origins ?? directOrigins(options.clock);
  const watch: WatchRequest = (request, reply, onStart) => {
    const exchange = { request: request.raw, response: reply.raw, origins };
    const context = new RequestContext(options.ids.next('req'), options.clock.monotonicMs(), exchange);
    context.endpoint = request.routeOptions.config.endpoint ?? unknownEndpoint;
    request.context = context;
    setCommonHeaders(reply.raw, context.requestId, options.publicUrl);
    openRequests.watch(context, onStart);
  };
  const begin = ({ context, raw }: FastifyRequest, { raw: response }: FastifyReply): void => {
    openRequests.admit(context);
    const { shouldKeepAlive } = response;
    // A request that is refused here is ambiguous, so nothing after it on the connection is read.
    response.shouldKeepAlive = false;
    if (assertUnambiguous(raw)) context.toldOrigin = origins.take(raw);
    admitPage(raw, response, context);
    response.shouldKeepAlive = shouldKeepAlive && !openRequests.isAnnounced && !isLastOfItsConnection(raw);
  };
  const pages = options.pages ?? new PageRules({ corsOrigins: [], hosts: null });
  const admitPage = ({ headers, socket }: IncomingMessage, response: ServerResponse, context: RequestContext): void => {
    if (!origins.isProxy(socket)) pages.assertKnown(headers);
    if (!(response instanceof CommonResponse)) return;
    response.isSecure = context.toldOrigin === null ? options.tls !== undefined : context.toldOrigin.isSecure;
    response.pageFields = pages.fieldsFor(headers.origin);
  };
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytesMax,
    return503OnClosing: false,
    trustProxy: false,
    serverFactory: (handle) => listenerOf(handle, options.tls),
    clientErrorHandler: (error, socket) => answerMalformed(error, socket, openRequests.openOn(socket)),
    // An address that does not decode comes here past every hook.
    frameworkErrors: (error, request, reply) => {
      watch(request, reply, () => {
        try {
          begin(request, reply);
          renderProblem(error, request, reply);
        } catch (refusal) {
          renderProblem(refusal, request, reply);
        }
      });
    },
  });
  watchConnections(app.server, openRequests, origins);
  app.decorate('openRequests', openRequests);
  app.decorateRequest('context');
  admitRequests(app, { watch, begin }, unauthenticated(options));
  if (options.assertStillIn !== undefined) checkAgain(app, options.assertStillIn);
  app.addHook('onListen', (done) => {
    openRequests.keepWatch();
    done();
  });
  app.addHook('preClose', (done) => {
    openRequests.leave();
    done();
  });
  takeJson(app);
  app.setErrorHandler(renderProblem);
  app.setNotFoundHandler(() => {
    throw new PlatformError('request.unknown-address');
  });
  return app;
}

/** Bodies are JSON, as the bytes that were sent. */
function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(jsonMediaType, { parseAs: 'buffer' }, (request, body, done) => {
    const coding = request.headers['content-encoding'];
    if (coding === undefined || coding.toLowerCase() === 'identity') done(null, body);
    else done(new PlatformError('request.unsupported-media-type'));
  });
}

/** Over TLS a connection counts as unauthenticated before its handshake, and carries requests after it. */
function watchConnections(server: Server, openRequests: OpenRequests, origins: RequestOrigins): void {
  server.on('connection', (socket: Socket) => {
    openRequests.accepted(socket, origins.isProxy(socket) ? null : origins.ofConnection(socket).clientAddress);
  });
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    // Asked now, because a connection that is gone has no address any more.
    origins.ofConnection(socket);
    openRequests.connected(socket);
  });
}

/** Chunks and changes of protocol are what readers of HTTP disagree about most: nothing that could follow them is read. */
function isLastOfItsConnection({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || headers.upgrade !== undefined;
}

/** A listener of Node's with the times and bounds of the platform; what it leaves to us comes as an ordinary request. */
function listenerOf(serve: (request: IncomingMessage, response: ServerResponse) => void, tls?: ListenerTls): Server {
  // Node's parser hands over what it has read of a connection, also when that is gone by then.
  const handle: typeof serve = (request, response) => {
    if (!request.socket.destroyed) serve(request, response);
  };
  const bounds: ServerOptions = {
    ServerResponse: CommonResponse,
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: 1_000,
    // We refuse a request without Host ourselves, which closes its connection; Node would keep reading from it.
    requireHostHeader: false,
  };
  const listener =
    tls === undefined
      ? createPlainServer(bounds, handle)
      : createTlsServer({ ...bounds, ...tlsOptionsOf(tls) }, handle);
  listener.setTimeout(silentConnectionMs);
  listener.maxHeadersCount = 0;
  // `100 Continue` is sent once the caller is known. Any other expectation is refused like an ambiguous request.
  return listener.on('checkContinue', handle).on('checkExpectation', handle);
}

/** Believes no proxy. */
function directOrigins(clock: Clock): RequestOrigins {
  return new RequestOrigins({ proxies: [], families: new Set(), authorities: new TrustedAuthorities(clock) });
}

/** Health checks show no credentials, and must always be answered. */
function unauthenticated({ admitUnauthenticated }: HttpServerOptions): (request: FastifyRequest) => void {
  return ({ context }) => {
    if (context.endpoint.surface !== 'ops') admitUnauthenticated?.(networkOf(context.clientAddress));
  };
}

/** Whether a request counts as unauthenticated at once. One with a credential is counted after its verification, or when its body arrives earlier. */
function isUnauthenticated({ headers, context }: FastifyRequest): boolean {
  const showsNone = headers.authorization === undefined && headers['x-api-key'] === undefined;
  return showsNone || context.endpoint.surface === 'oauth';
}

/** Checks the caller again after the body, because its rights may have been revoked while the body arrived. */
function checkAgain(app: FastifyInstance, assertStillIn: AssertStillIn): void {
  app.addHook('preValidation', ({ context }, _reply, done) => {
    const goOn = (error?: Error): void => done(error);
    try {
      const checking = assertStillIn(context);
      if (checking === undefined) goOn();
      else checking.then(() => goOn(), goOn);
    } catch (error) {
      done(error instanceof Error ? error : new PlatformError('internal.unexpected', { cause: error }));
    }
  });
}

interface Admission {
  readonly watch: WatchRequest;
  /** Throws for a request that is refused before its credential is judged. */
  readonly begin: (request: FastifyRequest, reply: FastifyReply) => void;
}

function admitRequests(
  app: FastifyInstance,
  { watch, begin }: Admission,
  admitUnauthenticated: (request: FastifyRequest) => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    watch(request, reply, () => {
      try {
        begin(request, reply);
        const preflight = preflightFieldsFor(request.method, request.headers);
        if (preflight !== null && reply.raw instanceof CommonResponse && reply.raw.pageFields !== null) {
          request.context.endpoint = preflightEndpoint;
          return void reply.code(204).headers(preflight).send();
        }
        // An unknown address asks for no credential.
        if (request.is404 || isUnauthenticated(request)) admitUnauthenticated(request);
        // Before a body is read that no endpoint takes.
        if (request.is404) throw new PlatformError('request.unknown-address');
        done();
      } catch (error) {
        done(error instanceof Error ? error : new PlatformError('internal.unexpected', { cause: error }));
      }
    });
  });
  // After the token is judged, and before the body.
  app.addHook('preParsing', (request, reply, payload, done) => {
    try {
      // A credential that no endpoint judges authenticates no caller.
      if (request.context.caller === null && !isUnauthenticated(request)) admitUnauthenticated(request);
      app.openRequests.admitBody(request.context);
      if (request.headers.expect !== undefined) reply.raw.writeContinue();
      done(null, payload);
    } catch (error) {
      done(error instanceof Error ? error : new PlatformError('internal.unexpected', { cause: error }));
    }
  });
}
