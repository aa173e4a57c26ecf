import type { Socket } from 'node:net';
import { limits } from '../../kernel/limits.ts';
import { networkOf } from './address-ranges.ts';

export interface ConnectionBounds {
  /** Unauthenticated connections from one address at once. */
  readonly unauthenticatedPerAddressMax: number;
  /** Unauthenticated connections at once. */
  readonly unauthenticatedMax: number;
  /** Connections that one caller keeps at once; further ones stay unauthenticated. */
  readonly perCallerMax: number;
}

interface UnauthenticatedConnection {
  /** Of the connection; null when it is gone already. */
  readonly ends: string | null;
  /** Null: a trusted proxy's, which has many clients. */
  readonly network: string | null;
}

/** The caller of an authenticated connection; gone when the connection counts no longer. */
interface Keeper {
  readonly callerId: string;
  isGone: boolean;
}

const defaultBounds: ConnectionBounds = {
  unauthenticatedPerAddressMax: limits.unauthenticatedConnectionsPerAddressMax,
  unauthenticatedMax: limits.unauthenticatedConnectionsMax,
  perCallerMax: limits.callerConnectionsMax,
};

/**
 * Connections without an authenticated caller, from the moment that they are accepted: an unfinished handshake is one. A caller
 * authenticates within milliseconds, so at a bound the oldest connection is closed for the newest: clients that only hold connections
 * push out each other. A caller keeps its authenticated connections, up to a bound; more of them stay unauthenticated.
 */
export class Connections {
  readonly #bounds: ConnectionBounds;
  readonly #unauthenticated = new Map<Socket, UnauthenticatedConnection>();
  readonly #ofNetwork = new Map<string, Set<Socket>>();
  readonly #byEnds = new Map<string, Socket>();
  /** Sockets that are not counted as unauthenticated any more. */
  readonly #left = new WeakSet<Socket>();
  readonly #keeperOf = new WeakMap<Socket, Keeper>();
  readonly #keptBy = new Map<string, number>();

  constructor(bounds: ConnectionBounds = defaultBounds) {
    this.#bounds = bounds;
  }

  get unauthenticated(): number {
    return this.#unauthenticated.size;
  }

  /** Counts an accepted connection until it closes. `address`: of its other end; null for a trusted proxy. */
  watch(socket: Socket, address: string | null): void {
    this.add(socket, address);
    socket.once('close', () => this.leave(socket));
  }

  /** Counts a connection until `leave` is called. */
  add(socket: Socket, address: string | null): void {
    const network = address === null ? null : networkOf(address);
    const ends = endsOf(socket);
    this.#unauthenticated.set(socket, { network, ends });
    if (ends !== null) this.#byEnds.set(ends, socket);
    if (network !== null) {
      const theirs = this.#ofNetwork.get(network) ?? new Set();
      theirs.add(socket);
      this.#ofNetwork.set(network, theirs);
      if (theirs.size > this.#bounds.unauthenticatedPerAddressMax) this.#closeOldest(theirs);
    }
    if (this.#unauthenticated.size > this.#bounds.unauthenticatedMax) this.#closeOldest(this.#unauthenticated.keys());
  }

  /** How many a caller keeps. */
  keptBy(callerId: string): number {
    return this.#keptBy.get(callerId) ?? 0;
  }

  /**
   * A caller has authenticated on it: the connection counts as the caller's, unless the caller is at its bound. `socket` may be the
   * accepted one or that of TLS or HTTP/2 over it. A trusted proxy's connection counts as no caller's.
   */
  keep(socket: Socket, callerId: string): void {
    if (this.#left.has(socket)) return;
    const accepted = this.#acceptedOf(socket);
    if (accepted !== undefined && this.#unauthenticated.get(accepted)?.network !== null) {
      const kept = this.keptBy(callerId);
      if (kept >= this.#bounds.perCallerMax) return;
      this.#keptBy.set(callerId, kept + 1);
      const keeper = { callerId, isGone: false };
      for (const one of [socket, accepted]) this.#keeperOf.set(one, keeper);
    }
    this.#leaveUnauthenticated(socket);
  }

  /** The connection has closed, or has another bound from now on. */
  leave(socket: Socket): void {
    this.#leaveUnauthenticated(socket);
    const keeper = this.#keeperOf.get(socket);
    if (keeper === undefined || keeper.isGone) return;
    keeper.isGone = true;
    const left = this.keptBy(keeper.callerId) - 1;
    if (left > 0) this.#keptBy.set(keeper.callerId, left);
    else this.#keptBy.delete(keeper.callerId);
  }

  #leaveUnauthenticated(socket: Socket): void {
    if (this.#left.has(socket)) return;
    this.#left.add(socket);
    const accepted = this.#acceptedOf(socket);
    if (accepted !== undefined) this.#forget(accepted);
  }

  #acceptedOf(socket: Socket): Socket | undefined {
    return this.#unauthenticated.has(socket) ? socket : this.#byEnds.get(endsOf(socket) ?? '');
  }

  #forget(socket: Socket): void {
    const { network = null, ends = null } = this.#unauthenticated.get(socket) ?? {};
    this.#unauthenticated.delete(socket);
    if (ends !== null && this.#byEnds.get(ends) === socket) this.#byEnds.delete(ends);
    const theirs = network === null ? undefined : this.#ofNetwork.get(network);
    theirs?.delete(socket);
    if (network !== null && theirs?.size === 0) this.#ofNetwork.delete(network);
  }

  #closeOldest(sockets: Iterable<Socket>): void {
    for (const socket of sockets) {
      this.leave(socket);
      socket.destroy();
      return;
    }
  }
}

/** Both ends of a connection, which no two open ones of a listener share. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | null {
  if (remotePort === undefined) return null;
  return `${String(remoteAddress)} ${String(remotePort)} ${String(localAddress)} ${String(localPort)}`;
}
