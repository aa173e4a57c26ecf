import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { announcedBytes, BodyRoom } from './body-room.ts';
import { Connections } from './connections.ts';
import type { ConnectionBounds } from './connections.ts';
import { logRequest } from './failure-record.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Log } from './log.ts';
import { answerMalformed } from './malformed-request.ts';
import { dropBody, isTooFarAhead, isTooMuch } from './sent-ahead.ts';
import { SlowBodies } from './slow-bodies.ts';
import { takeConnection } from './taken-connection.ts';
import type { ConnectionListener, TakenConnection } from './taken-connection.ts';
import type { RequestContext } from './request-context.ts';

export interface OpenRequestsPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Requests admitted at once. */
  readonly inFlightMax: number;
  /** Connections open at once; one more is closed. */
  readonly connectionsMax: number;
  /** Replaces the bounds of `limits` on unauthenticated connections. */
  readonly unauthenticatedConnections?: ConnectionBounds;
}

const abandonedStatus = 499;
const lateRequest = { field: 'connection', description: 'was to end with the request before' };
/** How often requests under way are checked. */
const checkMs = 1_000;

/** The requests of this process that are under way. Each is counted, measured and logged once, when it is over. */
export class OpenRequests {
  readonly #ports: OpenRequestsPorts;
  /** Of the connections that have asked for something. */
  readonly #ofSocket = new Map<Socket, RequestContext[]>();
  readonly #bodies = new BodyRoom();
  readonly #connections: Connections;
  readonly #slowBodies = new SlowBodies();
  /** Connections that have asked for nothing yet. */
  readonly #silent = new Set<Socket>();
  #inFlight = 0;
  #open = 0;
  #isLeaving = false;
  #isAnnounced = false;
  #cancelCheck: CancelTimer = () => undefined;

  constructor(ports: OpenRequestsPorts) {
    this.#ports = ports;
    this.#connections = new Connections(ports.unauthenticatedConnections);
  }

  /** Ends requests whose bodies come in too slowly, until the process leaves. */
  keepWatch(): void {
    const { clock } = this.#ports;
    for (const { socket } of this.#slowBodies.check(this.#underWay(), clock.monotonicMs())) {
      answerMalformed(tooSlow(), socket, this.openOn(socket));
    }
    if (!this.#isLeaving) this.#cancelCheck = clock.after(checkMs, () => this.keepWatch());
  }

  /** Whether the process has said that it leaves: connections end with the answers that they carry now. */
  get isAnnounced(): boolean {
    return this.#isAnnounced;
  }

  /** The process leaves soon. It serves on, but no connection that a proxy could send the next request on is left when it does leave. */
  announceLeave(): void {
    this.#isAnnounced = true;
  }

  /** Requests under way, streams aside. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Begins to watch a request, and calls `onStart` when the answers to those before it on its connection have left (RFC 9112 section
   * 9.3.2): a client that pipelines many requests takes the room of one. At once for one that is only refused; never when the connection goes first.
   */
  watch(context: RequestContext, onStart: () => void): void {
    const open = this.#watch(context);
    const { request, response } = context;
    response.on('close', () => this.#end(context));
    if (open.length === 1 && !context.isTooLate) return onStart();
    context.isTooFarAhead = isTooFarAhead(open);
    if (!context.isTooLate && !context.isTooFarAhead) return void (context.onStart = onStart);
    if (isTooMuch(open)) return void context.socket.destroy();
    dropBody(request);
    onStart();
  }

  /**
   * Counts a request whose turn has come as under way. Throws `platform.overloaded` when too many are, or wait on its connection, and
   * `request.invalid` when its connection has ended; the refusal is counted and logged like every request.
   */
  admit(context: RequestContext): void {
    const { isTooLate, isTooFarAhead, response } = context;
    response.shouldKeepAlive &&= !isTooLate && !isTooFarAhead;
    if (isTooLate) throw new PlatformError('request.invalid', { violations: [lateRequest] });
    if (isTooFarAhead || this.#inFlight >= this.#ports.inFlightMax) throw new PlatformError('platform.overloaded');
    context.isInFlight = true;
    this.#inFlight += 1;
  }

  /**
   * Makes room for a body before it is read, by what it announces. Throws `platform.overloaded`. That of an unauthenticated
   * request is not counted: where such a request may have a body at all, only a small one is read.
   */
  admitBody(context: RequestContext): void {
    const { caller, headers } = context;
    if (caller === null || context.isOver) return;
    this.#connections.keep(context.socket, caller.principal.id);
    context.bodyBytes = this.#bodies.take(caller.tenant.id, announcedBytes(headers));
  }

  /**
   * A connection was accepted, from an address; null for a proxy with many clients. Over TLS its handshake is still to come. One too many
   * is closed.
   */
  accepted(socket: Socket, address: string | null): void {
    this.#open += 1;
    socket.once('close', this.#gone);
    if (this.#open > this.#ports.connectionsMax) socket.destroy();
    else this.#connections.watch(socket, address);
  }

  readonly #gone = (): void => {
    this.#open -= 1;
  };

  /** Requests may come on a connection: at once, over TLS after its handshake. */
  connected(socket: Socket): void {
    this.#silent.add(socket);
    socket.on('close', () => this.#silent.delete(socket));
  }

  /**
   * The process leaves: a connection whose requests are answered is closed, instead of waiting for more of them. One that never
   * said a word is closed at once: Node does not count it as idle, and would wait for its first request.
   */
  leave(): void {
    this.#isLeaving = true;
    this.#cancelCheck();
    for (const socket of this.#silent) if (socket.bytesRead === 0) socket.destroy();
  }

  /** The requests of a connection whose answers are not complete, in the order of arrival. */
  openOn(socket: Socket): readonly RequestContext[] {
    return [...(this.#ofSocket.get(socket) ?? [])];
  }

  /** An open stream has a bound of its own and counts no longer as a request under way. */
  becomeStream(context: RequestContext): void {
    if (context.isInFlight) this.#inFlight -= 1;
    context.isInFlight = false;
    if (context.caller !== null) this.#bodies.giveBack(context.caller.tenant.id, context.bodyBytes);
    context.bodyBytes = 0;
  }

  /**
   * The connection of a stream that has begun, without what Node's HTTP keeps for each of its own. Null when it can not be had, or not
   * yet.
   */
  take(context: RequestContext, listener: ConnectionListener): TakenConnection | null {
    if (context.isOver || this.openOn(context.socket).length !== 1) return null;
    const closed = (): void => {
      this.#gone();
      this.#end(context);
      listener.closed();
    };
    const connection = takeConnection(context.request, context.response, { ...listener, closed });
    if (connection === null) return null;
    this.#ofSocket.delete(context.socket);
    // Its listeners are gone; open streams have bounds of their own.
    this.#connections.leave(context.socket);
    context.continueOn(connection);
    return connection;
  }

  /**
   * The answer to a pipelined request has no connection yet while it waits for its turn, and is never told when that closes:
   * the socket itself is watched, once.
   */
  #watch(context: RequestContext): readonly RequestContext[] {
    const { socket } = context;
    let open = this.#ofSocket.get(socket);
    if (open === undefined) {
      const openRequests: RequestContext[] = [];
      this.#silent.delete(socket);
      socket.on('close', () => {
        this.#ofSocket.delete(socket);
        for (const left of openRequests.splice(0)) this.#end(left);
      });
      this.#ofSocket.set(socket, openRequests);
      open = openRequests;
    }
    // Its parser reads on for a while after an answer with which the connection ends.
    context.isTooLate = socket.writableEnded;
    for (const earlier of open) context.isTooLate ||= !earlier.response.shouldKeepAlive;
    open.push(context);
    return open;
  }

  /** The request that each connection works on now. */
  *#underWay(): Iterable<RequestContext> {
    for (const [context] of this.#ofSocket.values()) if (context !== undefined) yield context;
  }

  /** Nothing comes of it when the connection has gone, or ends with the answer that has left. */
  #startNext(context: RequestContext | undefined): void {
    if (context === undefined || context.onStart === null) return;
    const { onStart, socket } = context;
    if (socket.destroyed || socket.writableEnded) return;
    context.onStart = null;
    onStart();
  }

  /** Waits only a moment for the rest of a body that is not read any more. */
  #awaitRest(context: RequestContext): void {
    if (context.isReceived || context.socket.destroyed) return;
    this.#ports.clock.after(limits.unwantedBodyMs, () => {
      if (!context.isReceived) context.socket.destroy();
    });
  }

  #end(context: RequestContext): void {
    if (context.isOver) return;
    context.isOver = true;
    const { socket } = context;
    const open = this.#ofSocket.get(socket);
    const place = open?.indexOf(context) ?? -1;
    if (place >= 0) open?.splice(place, 1);
    this.#awaitRest(context);
    if (this.#isLeaving && open?.length === 0) socket.destroySoon();
    this.becomeStream(context);
    context.caller?.held?.release();
    const { clock, log, metrics } = this.#ports;
    const isAbandoned = !context.isAnswered;
    if (isAbandoned) context.abort();
    const { surface } = context.endpoint;
    const status = isAbandoned ? abandonedStatus : context.status;
    const durationMs = clock.monotonicMs() - context.startedAtMs;
    metrics.meterOf(surface, context.operation ?? context.endpoint.operation).record(status, durationMs / 1000);
    if (context.failure !== null) metrics.countError(context.failure.code, surface);
    logRequest(log, context, { status, durationMs });
    this.#startNext(open?.[0]);
  }
}

function tooSlow(): Error {
  return Object.assign(new Error('A body comes in too slowly.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}
