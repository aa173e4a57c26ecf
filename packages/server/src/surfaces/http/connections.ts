import type { Socket } from 'node:net';
import { limits } from '../../kernel/limits.ts';
import { networkOf } from './address-ranges.ts';

export interface ConnectionBounds {
  /** Connections of strangers from one address at once. */
  readonly strangersPerAddressMax: number;
  /** Connections of strangers from everywhere at once. */
  readonly strangersMax: number;
  /** Connections that one caller keeps at once; further ones stay a stranger's. */
  readonly perCallerMax: number;
}

interface Stranger {
  /** Of the connection; null when it is gone already. */
  readonly ends: string | null;
  /** Null: a trusted proxy's, which has many clients. */
  readonly network: string | null;
}

/** Whose a connection is; gone when it counts no longer. */
interface Keeper {
  readonly callerId: string;
  isGone: boolean;
}

const defaultBounds: ConnectionBounds = {
  strangersPerAddressMax: limits.strangerConnectionsPerAddressMax,
  strangersMax: limits.strangerConnectionsMax,
  perCallerMax: limits.callerConnectionsMax,
};

/**
 * The connections that have not brought a caller yet, from the moment that they are accepted: a handshake that nobody goes on with
 * is one. Whoever has one is in within milliseconds, so when there are too many, the oldest is closed for the newest: those who only
 * hold connections push out each other. Callers keep theirs, up to a bound of each: what one has beyond it stays among the strangers'.
 */
export class Connections {
  readonly #bounds: ConnectionBounds;
  readonly #strangers = new Map<Socket, Stranger>();
  readonly #ofNetwork = new Map<string, Set<Socket>>();
  readonly #byEnds = new Map<string, Socket>();
  /** What is nobody's that is counted, by whichever object it is known. */
  readonly #left = new WeakSet<Socket>();
  readonly #keeperOf = new WeakMap<Socket, Keeper>();
  readonly #keptBy = new Map<string, number>();

  constructor(bounds: ConnectionBounds = defaultBounds) {
    this.#bounds = bounds;
  }

  get strangers(): number {
    return this.#strangers.size;
  }

  /** A connection has come, and is watched to its end. `address`: of its other end; null for a trusted proxy. */
  watch(socket: Socket, address: string | null): void {
    this.add(socket, address);
    socket.once('close', () => this.leave(socket));
  }

  /** The same, of a connection whose end the caller tells. */
  add(socket: Socket, address: string | null): void {
    const network = address === null ? null : networkOf(address);
    const ends = endsOf(socket);
    this.#strangers.set(socket, { network, ends });
    if (ends !== null) this.#byEnds.set(ends, socket);
    if (network !== null) {
      const theirs = this.#ofNetwork.get(network) ?? new Set();
      theirs.add(socket);
      this.#ofNetwork.set(network, theirs);
      if (theirs.size > this.#bounds.strangersPerAddressMax) this.#closeOldest(theirs);
    }
    if (this.#strangers.size > this.#bounds.strangersMax) this.#closeOldest(this.#strangers.keys());
  }

  /** How many a caller keeps. */
  keptBy(callerId: string): number {
    return this.#keptBy.get(callerId) ?? 0;
  }

  /**
   * Somebody whom we know has asked on it: it is no stranger's any more, unless they keep as many as one may. Any object of the
   * connection will do: TLS and HTTP/2 have one each of their own over the one that was accepted. A trusted proxy's are nobody's.
   */
  keep(socket: Socket, callerId: string): void {
    if (this.#left.has(socket)) return;
    const accepted = this.#acceptedOf(socket);
    if (accepted !== undefined && this.#strangers.get(accepted)?.network !== null) {
      const kept = this.keptBy(callerId);
      if (kept >= this.#bounds.perCallerMax) return;
      this.#keptBy.set(callerId, kept + 1);
      const keeper = { callerId, isGone: false };
      for (const one of [socket, accepted]) this.#keeperOf.set(one, keeper);
    }
    this.#leaveStrangers(socket);
  }

  /** It is gone, or counted elsewhere from now on. */
  leave(socket: Socket): void {
    this.#leaveStrangers(socket);
    const keeper = this.#keeperOf.get(socket);
    if (keeper === undefined || keeper.isGone) return;
    keeper.isGone = true;
    const left = this.keptBy(keeper.callerId) - 1;
    if (left > 0) this.#keptBy.set(keeper.callerId, left);
    else this.#keptBy.delete(keeper.callerId);
  }

  #leaveStrangers(socket: Socket): void {
    if (this.#left.has(socket)) return;
    this.#left.add(socket);
    const accepted = this.#acceptedOf(socket);
    if (accepted !== undefined) this.#forget(accepted);
  }

  #acceptedOf(socket: Socket): Socket | undefined {
    return this.#strangers.has(socket) ? socket : this.#byEnds.get(endsOf(socket) ?? '');
  }

  #forget(socket: Socket): void {
    const { network = null, ends = null } = this.#strangers.get(socket) ?? {};
    this.#strangers.delete(socket);
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
