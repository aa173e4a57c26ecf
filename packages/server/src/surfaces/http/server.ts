import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { answerMalformed } from './malformed-request.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Log } from './log.ts';
import { renderProblem } from './problem-renderer.ts';
import { assertUnambiguous } from './request-guard.ts';
import { CommonResponse, setCommonHeaders } from './head-fields.ts';
import { Visit } from './visit.ts';
import type { Endpoint } from './visit.ts';
import { Visits } from './visits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the platform knows of this request. */
    visit: Visit;
  }
  interface FastifyContextConfig {
    /** Names the endpoint in metrics and in the log. */
    endpoint?: Endpoint;
  }
  interface FastifyInstance {
    visits: Visits;
  }
}

export interface HttpServerOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Requests admitted at once; above it 503. */
  readonly requestsInFlightMax?: number;
}

/** JSON by any of its names (RFC 6838 section 4.2.8), with or without parameters. */
const jsonMediaType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** A blocking answer may take its whole time, and its reader a while longer; then the connection counts as dead. */
const silentConnectionMs = limits.blockingWaitMs + 60_000;

/**
 * The HTTP server on which surfaces register their endpoints. It is not listening yet. A JSON body arrives as the Buffer that
 * was sent; every other content type is refused with `request.unsupported-media-type`. Errors become problem documents
 * unless a surface sets an error handler of its own.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const visits = new Visits({ ...options, inFlightMax: options.requestsInFlightMax ?? limits.requestsInFlightMax });
  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    const exchange = { request: request.raw, response: reply.raw };
    const visit = new Visit(options.ids.next('req'), options.clock.monotonicMs(), exchange);
    request.visit = visit;
    setCommonHeaders(reply.raw, visit.requestId);
    visits.begin(visit);
  };
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytesMax,
    connectionTimeout: silentConnectionMs,
    keepAliveTimeout: limits.keepAliveMs,
    requestTimeout: limits.requestMs,
    maxRequestsPerSocket: 0,
    return503OnClosing: false,
    trustProxy: false,
    http: {
      ServerResponse: CommonResponse,
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: 1_000,
    },
    clientErrorHandler: (error, socket) => answerMalformed(error, socket, visits),
    // An address that does not decode comes here past every hook.
    frameworkErrors: (error, request, reply) => {
      try {
        begin(request, reply);
        renderProblem(error, request, reply);
      } catch (refusal) {
        renderProblem(refusal, request, reply);
      }
    },
  });
  app.server.maxHeadersCount = 0;
  app.server.maxConnections = limits.streamsMax + limits.requestsInFlightMax;
  app.server.on('connection', (socket) => visits.connected(socket));
  app.decorate('visits', visits);
  app.decorateRequest('visit');
  admitRequests(app, begin);
  app.addHook('preClose', (done) => {
    visits.leave();
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(jsonMediaType, { parseAs: 'buffer' }, (request, body, done) => {
    const coding = request.headers['content-encoding'];
    if (coding === undefined || coding.toLowerCase() === 'identity') done(null, body);
    else done(new PlatformError('request.unsupported-media-type'));
  });
  app.setErrorHandler(renderProblem);
  app.setNotFoundHandler(() => {
    throw new PlatformError('request.unknown-address');
  });
  return app;
}

function admitRequests(app: FastifyInstance, begin: (request: FastifyRequest, reply: FastifyReply) => void): void {
  app.addHook('onRequest', (request, reply, done) => {
    try {
      begin(request, reply);
      assertUnambiguous(request.raw);
      // Before a body is read that nobody wants.
      if (request.is404) throw new PlatformError('request.unknown-address');
      done();
    } catch (error) {
      request.visit.endpoint = request.routeOptions.config.endpoint ?? request.visit.endpoint;
      done(error instanceof Error ? error : new PlatformError('internal.unexpected', { cause: error }));
    }
  });
  // After every look at the token, and before the body.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    try {
      app.visits.admitBody(request.visit);
      done(null, payload);
    } catch (error) {
      done(error instanceof Error ? error : new PlatformError('internal.unexpected', { cause: error }));
    }
  });
  app.addHook('onRoute', (route) => {
    const endpoint = route.config?.endpoint;
    if (endpoint === undefined) return;
    const own = route.onRequest === undefined ? [] : [route.onRequest].flat();
    route.onRequest = [
      (request, _reply, done) => {
        request.visit.endpoint = endpoint;
        done();
      },
      ...own,
    ];
  });
}
