import { createLimits } from '../src/assembly/data-plane/limits.ts';
import type { LimitParts } from '../src/assembly/data-plane/limits.ts';
import { createMetrics } from '../src/adapters/telemetry/index.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { limits } from '../src/kernel/limits.ts';
import { KnownLimits, Limiter } from '../src/modules/limits/index.ts';
import type { BucketStore, LimiterOptions, Rate, RateDefaults, SetLimit } from '../src/modules/limits/index.ts';

const silent = { debug: noted, info: noted, warn: noted, error: noted, isLevelEnabled: () => false };
const fast: Rate = { perSecond: limits.requestsPerSecondDefault, burst: limits.burstRequestsDefault };
const unauthenticated: Rate = {
  perSecond: limits.unauthenticatedRequestsPerSecondDefault,
  burst: limits.unauthenticatedBurstRequestsDefault,
};

function noted(): void {
  // No guarantee is about the log of these settings.
}

/** Limits as production wires them, over a pool of the application's role. */
export function startLimits(pool: DatabasePool, clock: Clock, redisUrl: string | null = null): Promise<LimitParts> {
  const metrics = createMetrics({ isProcessObserved: false });
  const foundation = { config: { unauthenticated }, database: { readers: pool }, metrics, clock, log: silent };
  return createLimits(foundation, { redisUrl });
}

/** What the use cases of limits stand on, and the limiter beside them. */
export async function limitPorts(pool: DatabasePool, clock: Clock) {
  const { limiter, store, rateDefaults } = await startLimits(pool, clock);
  return { limiter, limits: store, rateDefaults };
}

export interface LimiterInput extends Partial<Omit<LimiterOptions, 'clock' | 'known'>> {
  readonly clock: Clock;
  readonly defaults?: Partial<RateDefaults>;
  /** What was set, in every tenant. */
  readonly set?: readonly Pick<
    SetLimit,
    'subject' | 'requestsPerSecond' | 'burstRequests' | 'sendsPerDay' | 'sendsPerMonth'
  >[];
}

/** A store that cannot be reached: a limiter that asks it falls back to its strict share. */
export const away = { exchange: () => Promise.reject(new PlatformError('platform.unavailable')) };

/** A limiter that no other process hears of, unless it is given stores. */
export function newLimiter({ clock, defaults, set = [], ...options }: LimiterInput): Limiter {
  const read = (): Promise<readonly SetLimit[]> =>
    Promise.resolve(set.map((one) => ({ ...one, changedBy: 'test', changedAt: new Date(0) })));
  const known = new KnownLimits({
    store: { read },
    clock,
    defaults: { tenant: fast, client: fast, agent: fast, ...defaults },
  });
  const buckets: BucketStore = away;
  return new Limiter({
    clock,
    known,
    buckets,
    quotas: away,
    unauthenticated,
    onRefused: () => undefined,
    onShares: () => undefined,
    ...options,
  });
}
