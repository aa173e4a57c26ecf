import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { createSystemRandom, systemClock } from '../src/adapters/clock/system-clock.ts';
import { createLogger, createMetrics } from '../src/adapters/telemetry/index.ts';
import type { Metrics } from '../src/adapters/telemetry/index.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import { createHttpServer } from '../src/surfaces/http/index.ts';
import type { HttpServerOptions } from '../src/surfaces/http/index.ts';

export interface HttpFixture extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly app: FastifyInstance;
  readonly metrics: Metrics;
  /** Every line of the log so far, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** The log as it was written. */
  readonly logText: () => string;
}

export interface HttpFixtureOptions extends Pick<
  HttpServerOptions,
  'origins' | 'tls' | 'pages' | 'admitUnauthenticated' | 'unauthenticatedConnections' | 'connectionsMax'
> {
  readonly clock?: Clock;
  readonly requestsInFlightMax?: number;
  readonly level?: 'info' | 'debug';
}

/** A listening server with the endpoints that `register` adds, its log and its metrics. */
export async function startHttp(
  register: (app: FastifyInstance) => void | Promise<void>,
  options: HttpFixtureOptions = {},
): Promise<HttpFixture> {
  const written: string[] = [];
  const { clock = systemClock, level = 'info', ...rest } = options;
  const metrics = createMetrics({ isProcessObserved: false });
  const app = createHttpServer({
    clock,
    ids: createIdSource(clock, createSystemRandom()),
    log: createLogger({ level, destination: { write: (line) => void written.push(line) } }),
    metrics,
    ...rest,
  });
  await register(app);
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
  return {
    port,
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    app,
    metrics,
    get lines() {
      return written.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    logText: () => written.join(''),
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** Sends bytes as they are on a connection of their own and resolves with everything that came back until it closed. */
export async function sendRaw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  try {
    return await text(socket);
  } finally {
    // The server may have answered and hung up while a part of the request still waits to be sent.
    socket.destroy();
  }
}
