import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server as NetServer, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { isStreaming } from '@colloquy/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { EventStreams, OpenCalls } from '../a2a/index.ts';
import type { OperationPorts } from '../a2a/index.ts';
import { Acceptors, Connections, renewTls, tlsOptionsOf } from '../http/index.ts';
import type {
  AssertStillIn,
  CallerOf,
  ConnectionBounds,
  HttpMetrics,
  ListenerTls,
  Log,
  RequestOrigins,
} from '../http/index.ts';
import { Admission } from './admission.ts';
import { callHandlers } from './call-handlers.ts';
import { grpcWires } from './grpc-wires.ts';
import type { GrpcWire } from './grpc-wires.ts';
import { OpenGrpcRequests } from './open-grpc-requests.ts';

export interface GrpcServerOptions extends OperationPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  readonly callerOf: CallerOf;
  readonly assertStillIn: AssertStillIn;
  readonly origins: RequestOrigins;
  /** Null: plain HTTP/2, for a trusted network or behind a balancer that ends TLS. */
  readonly tls: ListenerTls | null;
  /** Calls admitted at once, streams aside. */
  readonly requestsInFlightMax?: number;
  /** Connections open at once, however they were accepted; one more is closed. */
  readonly connectionsMax?: number;
  /** Replaces the bounds of `limits` on unauthenticated connections. */
  readonly unauthenticatedConnections?: ConnectionBounds;
  /** Time a caller has to send its message. */
  readonly requestMs?: number;
  /** Time a stream's reader may take nothing before its call is broken off. */
  readonly streamStallMs?: number;
  /** Time that calls under way have when the server closes. */
  readonly drainMs?: number;
}

/** The gRPC port. */
export interface GrpcServer {
  /** Listens, at any free port for 0, and answers the port. */
  listen(at: { readonly host: string; readonly port: number }): Promise<number>;
  /** Shows another certificate from now on. */
  renewTls(tls: ListenerTls): void;
  /** Takes no more calls, ends streams with the advice to come back, lets calls finish within a bound. */
  close(): Promise<void>;
}

/** Time for the last answers to leave, once no client waits for a call any longer. */
const lastWordsMs = 1_000;

function serviceOf({ calls }: GrpcWire): ServiceDefinition {
  const methods = calls.map(({ operation, path }) => [operation, methodAt(path, isStreaming(operation))] as const);
  return Object.fromEntries(methods);
}

function methodAt(path: string, responseStream: boolean): ServiceDefinition[string] {
  return {
    path,
    requestStream: false,
    responseStream,
    // Messages pass as bytes: what they say is judged where an error can be answered with its reason.
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

/** Serves A2A over gRPC, one service for each version. It is not listening yet. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { clock, ids, log, metrics, callerOf, origins, tls } = options;
  const openRequests = new OpenGrpcRequests({
    clock,
    log,
    metrics,
    inFlightMax: options.requestsInFlightMax ?? limits.requestsInFlightMax,
  });
  const { requestMs, streamStallMs: stallMs } = options;
  const connections = new Connections(options.unauthenticatedConnections);
  const admission = new Admission({
    clock,
    ids,
    callerOf,
    assertStillIn: options.assertStillIn,
    origins,
    openRequests,
    connections,
    ...(requestMs === undefined ? {} : { requestMs }),
  });
  const calls = new OpenCalls(clock);
  const streams = new EventStreams({ clock, ...(stallMs === undefined ? {} : { stallMs }) });
  const server = new Server({
    'grpc.max_receive_message_length': limits.bodyBytesMax,
    'grpc.max_concurrent_streams': limits.grpcStreamsPerConnectionMax,
    'grpc.max_connection_idle_ms': limits.keepAliveMs,
    'grpc.keepalive_time_ms': limits.grpcPingMs,
    'grpc.keepalive_timeout_ms': limits.grpcPingAnswerMs,
    'grpc.enable_channelz': 0,
    interceptors: [admission.interceptor],
  });
  const ports = { operations: options, admission, openRequests, calls, streams };
  for (const wire of grpcWires) server.addService(serviceOf(wire), callHandlers(ports, wire));
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  // A listener of our own, since the library's has no bound on connections and keeps the certificate that it began with.
  const take = (socket: Socket): void => {
    origins.ofConnection(socket);
    injector.injectConnection(socket);
  };
  const listener = listenerOf(tls, take);
  const sockets = watched(listener, options.connectionsMax ?? limits.connectionsMax);
  listener.on('connection', (socket) => {
    // A connection beyond the bound is closed and pushes out no other.
    if (socket.destroyed) return;
    connections.watch(socket, origins.isProxy(socket) ? null : origins.ofConnection(socket).clientAddress);
  });
  const acceptors = new Acceptors(listener, false, limits.acceptors);
  return {
    listen: (at) => listenAt(listener, acceptors, at),
    renewTls: (renewed) => renewTls(listener, renewed),
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      streams.close();
      calls.close();
      const endMs = (options.drainMs ?? limits.drainMs) + lastWordsMs;
      injector.drain(endMs);
      const cancelEnd = clock.after(endMs, () => sockets.forEach((socket) => socket.destroy()));
      await Promise.all([closed, acceptors.close()]);
      cancelEnd();
      server.forceShutdown();
    },
  };
}

function listenerOf(tls: ListenerTls | null, take: (socket: Socket) => void): NetServer {
  if (tls === null) return createServer({ noDelay: true }, take);
  const listener = createTlsServer({ ...tlsOptionsOf(tls), ALPNProtocols: ['h2'] }, (socket) => {
    socket.setNoDelay(true);
    take(socket);
  });
  // A handshake that fails is its client's matter.
  return listener.on('tlsClientError', (_error, socket) => socket.destroy());
}

async function listenAt(
  listener: NetServer,
  acceptors: Acceptors,
  { host, port }: { host: string; port: number },
): Promise<number> {
  await acceptors.listen({ host, port, backlog: limits.connectionsWaitingMax }, async (address) => {
    listener.listen({ ...address, exclusive: true });
    await once(listener, 'listening');
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new TypeError('A listener has no port.');
  return address.port;
}

function watched(listener: NetServer, connectionsMax: number): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (sockets.size > connectionsMax) socket.destroy();
  });
  return sockets;
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
