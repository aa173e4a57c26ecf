import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { announcedBytes, BodyRoom } from './body-room.ts';
import { Connections } from './connections.ts';
import type { ConnectionBounds } from './connections.ts';
import { logVisit } from './failure-record.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Log } from './log.ts';
import { answerMalformed } from './malformed-request.ts';
import { dropBody, isTooFarAhead, isTooMuch } from './sent-ahead.ts';
import { SlowBodies } from './slow-bodies.ts';
import { takeConnection } from './taken-connection.ts';
import type { ConnectionListener, TakenConnection } from './taken-connection.ts';
import type { Visit } from './visit.ts';

export interface VisitPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** Requests admitted at once. */
  readonly inFlightMax: number;
  /** Connections open at once; one more is closed. */
  readonly connectionsMax: number;
  /** Replaces the bounds of `limits` on connections of strangers. */
  readonly strangerConnections?: ConnectionBounds;
}

const abandonedStatus = 499;
const lateRequest = { field: 'connection', description: 'was to end with the request before' };
/** How often requests under way are looked at. */
const lookMs = 1_000;

/** The requests of this process that are under way. Each is counted, measured and logged once, when it is over. */
export class Visits {
  readonly #ports: VisitPorts;
  /** Of the connections that have asked for something. */
  readonly #ofSocket = new Map<Socket, Visit[]>();
  readonly #bodies = new BodyRoom();
  readonly #connections: Connections;
  readonly #slowBodies = new SlowBodies();
  /** Connections that have asked for nothing yet. */
  readonly #silent = new Set<Socket>();
  #inFlight = 0;
  #open = 0;
  #isLeaving = false;
  #isAnnounced = false;
  #cancelLook: CancelTimer = () => undefined;

  constructor(ports: VisitPorts) {
    this.#ports = ports;
    this.#connections = new Connections(ports.strangerConnections);
  }

  /** Looks after requests that come in too slowly, until the process leaves. */
  keepWatch(): void {
    const { clock } = this.#ports;
    for (const { socket } of this.#slowBodies.look(this.#underWay(), clock.monotonicMs())) {
      answerMalformed(tooSlow(), socket, this.openOn(socket));
    }
    if (!this.#isLeaving) this.#cancelLook = clock.after(lookMs, () => this.keepWatch());
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
   * Begins to watch a request, and calls `onTurn` when the answers to those before it on its connection have left (RFC 9112 section
   * 9.3.2): whoever sends many ahead takes the room of one. At once for one that is only refused; never when the connection goes first.
   */
  watch(visit: Visit, onTurn: () => void): void {
    const open = this.#watch(visit);
    const { request, response } = visit;
    response.on('close', () => this.#end(visit));
    if (open.length === 1 && !visit.isTooLate) return onTurn();
    visit.isTooFarAhead = isTooFarAhead(open);
    if (!visit.isTooLate && !visit.isTooFarAhead) return void (visit.onTurn = onTurn);
    if (isTooMuch(open)) return void visit.socket.destroy();
    dropBody(request);
    onTurn();
  }

  /**
   * Counts a request whose turn has come as under way. Throws `platform.overloaded` when too many are, or wait on its connection, and
   * `request.invalid` when its connection has ended; the refusal is a visit all the same.
   */
  admit(visit: Visit): void {
    const { isTooLate, isTooFarAhead, response } = visit;
    response.shouldKeepAlive &&= !isTooLate && !isTooFarAhead;
    if (isTooLate) throw new PlatformError('request.invalid', { violations: [lateRequest] });
    if (isTooFarAhead || this.#inFlight >= this.#ports.inFlightMax) throw new PlatformError('platform.overloaded');
    visit.isInFlight = true;
    this.#inFlight += 1;
  }

  /**
   * Makes room for a body before it is read, by what it announces. Throws `platform.overloaded`. A stranger's is not counted: where
   * strangers may send one at all, no more than a small one is read.
   */
  admitBody(visit: Visit): void {
    const { caller, headers } = visit;
    if (caller === null || visit.isOver) return;
    this.#connections.keep(visit.socket, caller.principal.id);
    visit.bodyBytes = this.#bodies.take(caller.tenant.id, announcedBytes(headers));
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
    this.#cancelLook();
    for (const socket of this.#silent) if (socket.bytesRead === 0) socket.destroy();
  }

  /** The requests of a connection whose answers are not complete, in the order of arrival. */
  openOn(socket: Socket): readonly Visit[] {
    return [...(this.#ofSocket.get(socket) ?? [])];
  }

  /** An open stream has a bound of its own and counts no longer as a request under way. */
  becomeStream(visit: Visit): void {
    if (visit.isInFlight) this.#inFlight -= 1;
    visit.isInFlight = false;
    if (visit.caller !== null) this.#bodies.giveBack(visit.caller.tenant.id, visit.bodyBytes);
    visit.bodyBytes = 0;
  }

  /**
   * The connection of a stream that has begun, without what Node's HTTP keeps for each of its own. Null when it can not be had, or not
   * yet.
   */
  take(visit: Visit, listener: ConnectionListener): TakenConnection | null {
    if (visit.isOver || this.openOn(visit.socket).length !== 1) return null;
    const closed = (): void => {
      this.#gone();
      this.#end(visit);
      listener.closed();
    };
    const connection = takeConnection(visit.request, visit.response, { ...listener, closed });
    if (connection === null) return null;
    this.#ofSocket.delete(visit.socket);
    // Its listeners are gone; open streams have bounds of their own.
    this.#connections.leave(visit.socket);
    visit.continueOn(connection);
    return connection;
  }

  /**
   * The answer to a pipelined request has no connection yet while it waits for its turn, and is never told when that closes:
   * the socket itself is watched, once.
   */
  #watch(visit: Visit): readonly Visit[] {
    const { socket } = visit;
    let open = this.#ofSocket.get(socket);
    if (open === undefined) {
      const visits: Visit[] = [];
      this.#silent.delete(socket);
      socket.on('close', () => {
        this.#ofSocket.delete(socket);
        for (const left of visits.splice(0)) this.#end(left);
      });
      this.#ofSocket.set(socket, visits);
      open = visits;
    }
    // Its parser reads on for a while after an answer with which the connection ends.
    visit.isTooLate = socket.writableEnded;
    for (const earlier of open) visit.isTooLate ||= !earlier.response.shouldKeepAlive;
    open.push(visit);
    return open;
  }

  /** Of each connection, the one whose turn it is. */
  *#underWay(): Iterable<Visit> {
    for (const [visit] of this.#ofSocket.values()) if (visit !== undefined) yield visit;
  }

  /** Nothing comes of it when the connection has gone, or ends with the answer that has left. */
  #giveTurn(visit: Visit | undefined): void {
    if (visit === undefined || visit.onTurn === null) return;
    const { onTurn, socket } = visit;
    if (socket.destroyed || socket.writableEnded) return;
    visit.onTurn = null;
    onTurn();
  }

  /** What is left of a body that nobody wants any more is waited for only a moment. */
  #awaitRest(visit: Visit): void {
    if (visit.isReceived || visit.socket.destroyed) return;
    this.#ports.clock.after(limits.unwantedBodyMs, () => {
      if (!visit.isReceived) visit.socket.destroy();
    });
  }

  #end(visit: Visit): void {
    if (visit.isOver) return;
    visit.isOver = true;
    const { socket } = visit;
    const open = this.#ofSocket.get(socket);
    const place = open?.indexOf(visit) ?? -1;
    if (place >= 0) open?.splice(place, 1);
    this.#awaitRest(visit);
    if (this.#isLeaving && open?.length === 0) socket.destroySoon();
    this.becomeStream(visit);
    const { clock, log, metrics } = this.#ports;
    const isAbandoned = !visit.isAnswered;
    if (isAbandoned) visit.abort();
    const { surface } = visit.endpoint;
    const status = isAbandoned ? abandonedStatus : visit.status;
    const durationMs = clock.monotonicMs() - visit.startedAtMs;
    metrics.meterOf(surface, visit.operation ?? visit.endpoint.operation).record(status, durationMs / 1000);
    if (visit.failure !== null) metrics.countError(visit.failure.code, surface);
    logVisit(log, visit, { status, durationMs });
    this.#giveTurn(open?.[0]);
  }
}

function tooSlow(): Error {
  return Object.assign(new Error('A body comes in too slowly.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}
