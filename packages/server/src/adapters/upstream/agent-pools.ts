import { Pool } from 'undici';
import { limits } from '../../kernel/limits.ts';
import type { EgressGuard } from './egress-guard.ts';
import type { UpstreamBounds } from './upstream-bounds.ts';

/** Where a pool leads. */
export interface PooledTarget {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly guard: EgressGuard;
  readonly isHttp2: boolean;
  /** Keys that the other end may show, see `checkPins`. */
  readonly pins: readonly string[];
  /** Of `poolKeyOf`. */
  readonly poolKey: string;
}

/** One for each guard, version of HTTP, origin and set of pinned keys: a tenant never travels on connections that were opened for another by its own allowance. */
export function poolKeyOf({ origin, guard, isHttp2, pins }: Omit<PooledTarget, 'poolKey'>): string {
  return `${guard.name}${isHttp2 ? 'h2 ' : ''}${origin}${pins.length === 0 ? '' : ` ${pins.join(' ')}`}`;
}

/** Connections to agents: one pool for each key, at most `upstreamPoolsMax`; the least recently used leaves first. */
export class AgentPools {
  readonly #bounds: UpstreamBounds;
  readonly #pools = new Map<string, Pool>();

  constructor(bounds: UpstreamBounds) {
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#pools.size;
  }

  of(target: PooledTarget): Pool {
    const key = target.poolKey;
    const known = this.#pools.get(key);
    const pool = known ?? this.#open(target);
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

  #open({ origin, guard, isHttp2, pins }: PooledTarget): Pool {
    const url = new URL(origin);
    return new Pool(origin, {
      connections: this.#bounds.upstreamConnectionsMax,
      pipelining: isHttp2 ? limits.upstreamStreamsPerConnectionMax : 1,
      h2Options: { maxConcurrentStreams: limits.upstreamStreamsPerConnectionMax },
      ...(isHttp2 ? { allowH2: true, useH2c: url.protocol === 'http:' } : { allowH2: false }),
      connect: guard.connectorFor(url, { timeoutMs: this.#bounds.upstreamConnectMs, isHttp2, pins }),
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
