import type { Socket } from 'node:net';
import { limits } from '../../kernel/limits.ts';
import { networkOf } from './address-ranges.ts';

export interface ConnectionBounds {
  /** Connections of strangers from one address at once. */
  readonly strangersPerAddressMax: number;
  /** Connections of strangers from everywhere at once. */
  readonly strangersMax: number;
}

interface Stranger {
  readonly socket: Socket;
  /** Null: a trusted proxy's, which has many clients. */
  readonly network: string | null;
}

const defaultBounds: ConnectionBounds = {
  strangersPerAddressMax: limits.strangerConnectionsPerAddressMax,
  strangersMax: limits.strangerConnectionsMax,
};

/**
 * The connections that have not brought a caller yet. Whoever has one is in within milliseconds, so when there are too many, the
 * oldest is closed for the newest: those who only hold connections push out each other.
 */
export class Connections {
  readonly #bounds: ConnectionBounds;
  readonly #strangers = new Map<Socket, Stranger>();
  readonly #ofNetwork = new Map<string, Set<Socket>>();

  constructor(bounds: ConnectionBounds = defaultBounds) {
    this.#bounds = bounds;
  }

  get strangers(): number {
    return this.#strangers.size;
  }

  /** A connection has come. `address`: of its other end; null for a trusted proxy. */
  add(socket: Socket, address: string | null): void {
    const network = address === null ? null : networkOf(address);
    this.#strangers.set(socket, { socket, network });
    if (network !== null) {
      const theirs = this.#ofNetwork.get(network) ?? new Set();
      theirs.add(socket);
      this.#ofNetwork.set(network, theirs);
      if (theirs.size > this.#bounds.strangersPerAddressMax) this.#closeOldest(theirs);
    }
    if (this.#strangers.size > this.#bounds.strangersMax) this.#closeOldest(this.#strangers.keys());
  }

  /** Somebody whom we know has asked on it, or it is gone: it is no stranger's any more. */
  leave(socket: Socket): void {
    const stranger = this.#strangers.get(socket);
    if (stranger === undefined) return;
    this.#strangers.delete(socket);
    const { network } = stranger;
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
