import { buildConnector, Pool } from 'undici';
import type { EgressGuard } from './egress-guard.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';

/** Connections to agents: one pool per origin, at most `upstreamPoolsMax`; the least recently used leaves first. */
export class AgentPools {
  readonly #guard: EgressGuard;
  readonly #bounds: UpstreamBounds;
  readonly #pools = new Map<string, Pool>();

  constructor(guard: EgressGuard, bounds: UpstreamBounds) {
    this.#guard = guard;
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#pools.size;
  }

  /** The pool of a scheme, host and port. */
  of(origin: string): Pool {
    const known = this.#pools.get(origin);
    const pool = known ?? this.#open(origin);
    if (this.#pools.size > 1 && known !== undefined) this.#pools.delete(origin);
    this.#pools.set(origin, pool);
    if (this.#pools.size > this.#bounds.upstreamPoolsMax) this.#closeOldest();
    return pool;
  }

  /** Ends every connection; calls that are under way fail as `upstream.outcome-unknown`. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #open(origin: string): Pool {
    const url = new URL(origin);
    const connect = buildConnector({
      lookup: this.#guard.lookupFor(url),
      timeout: this.#bounds.upstreamConnectMs,
      allowH2: false,
    });
    return new Pool(origin, {
      connections: this.#bounds.upstreamConnectionsMax,
      pipelining: 1,
      allowH2: false,
      // Node asks no lookup about a host that is an address, so the URL itself is judged before each connection.
      connect: (options, done) => {
        try {
          this.#guard.checkUrl(url.href);
        } catch (error) {
          return done(error instanceof Error ? error : new Error('The address was not judged.'), null);
        }
        connect(options, done);
      },
    });
  }

  /** Calls on it finish; its connections then close. */
  #closeOldest(): void {
    for (const [origin, pool] of this.#pools) {
      this.#pools.delete(origin);
      void pool.close();
      return;
    }
  }
}
