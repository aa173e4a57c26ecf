import { buildConnector, Pool } from 'undici';
import { limits } from '../../kernel/limits.ts';
import type { EgressGuard } from './egress-guard.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';

/** Connections to agents: one pool per origin and version of HTTP, at most `upstreamPoolsMax`; the least recently used leaves first. */
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
  of(origin: string, isHttp2 = false): Pool {
    const key = isHttp2 ? `h2 ${origin}` : origin;
    const known = this.#pools.get(key);
    const pool = known ?? this.#open(origin, isHttp2);
    if (this.#pools.size > 1 && known !== undefined) this.#pools.delete(key);
    this.#pools.set(key, pool);
    if (this.#pools.size > this.#bounds.upstreamPoolsMax) this.#closeOldest();
    return pool;
  }

  /** Ends every connection; calls that are under way fail as `upstream.outcome-unknown`. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #open(origin: string, isHttp2: boolean): Pool {
    const url = new URL(origin);
    // Without TLS nobody asks which version is spoken, so HTTP/2 is taken for granted.
    const version = isHttp2 ? { allowH2: true, useH2c: url.protocol === 'http:' } : { allowH2: false };
    const connect = buildConnector({
      lookup: this.#guard.lookupFor(url),
      timeout: this.#bounds.upstreamConnectMs,
      ...version,
    });
    return new Pool(origin, {
      connections: this.#bounds.upstreamConnectionsMax,
      pipelining: isHttp2 ? limits.upstreamStreamsPerConnectionMax : 1,
      h2Options: { maxConcurrentStreams: limits.upstreamStreamsPerConnectionMax },
      ...version,
      // Node asks no lookup about a host that is an address, so the URL itself is judged before each connection.
      connect: (options, done) => {
        try {
          this.#guard.checkUrl(url.href);
        } catch (error) {
          return done(error instanceof Error ? error : new Error('The address was not judged.'), null);
        }
        connect(options, isHttp2 ? http2Only(done) : done);
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

/** Hands over a connection only when HTTP/2 was agreed on: calls of it are no HTTP/1.1. */
function http2Only(done: buildConnector.Callback): buildConnector.Callback {
  return (...[error, socket]) => {
    if (error !== null) return done(error, null);
    if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') return done(null, socket);
    socket.destroy();
    done(new Error('The agent does not speak HTTP/2.'), null);
  };
}
