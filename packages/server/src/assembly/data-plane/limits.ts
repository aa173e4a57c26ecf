import { createBucketStore } from '../../adapters/postgres/limits/bucket-store.ts';
import { createLimitStore } from '../../adapters/postgres/limits/limit-store.ts';
import { createQuotaStore } from '../../adapters/postgres/limits/quota-store.ts';
import type { RedisBucketStore } from '../../adapters/redis/index.ts';
import type { Metrics } from '../../adapters/telemetry/index.ts';
import type { Config } from '../../config/config.ts';
import type { Secrets } from '../../config/secrets.ts';
import { limits } from '../../kernel/limits.ts';
import { KnownLimits, Limiter } from '../../modules/limits/index.ts';
import type { LimitStore, RateDefaults } from '../../modules/limits/index.ts';
import type { Database } from '../database.ts';
import type { Foundation } from '../foundation.ts';

/** Rate limits and quotas. */
export interface LimitParts {
  readonly limiter: Limiter;
  readonly store: LimitStore;
  readonly rateDefaults: RateDefaults;
  close(): Promise<void>;
}

export interface LimitFoundation extends Pick<Foundation, 'clock' | 'log'> {
  readonly config: Pick<Config, 'unauthenticated'>;
  readonly database: Pick<Database, 'readers'>;
  readonly metrics: Pick<Metrics, 'countRefusal'>;
}

const byDefault = { perSecond: limits.requestsPerSecondDefault, burst: limits.burstRequestsDefault };
const rateDefaults: RateDefaults = { tenant: byDefault, client: byDefault, agent: byDefault };

/** The processes share their rates over Redis when there is one, over PostgreSQL otherwise. Quotas are always rows of PostgreSQL. */
export async function createLimits(
  { config, database, metrics, clock, log }: LimitFoundation,
  { redisUrl }: Pick<Secrets, 'redisUrl'>,
): Promise<LimitParts> {
  const store = createLimitStore(database.readers);
  const known = new KnownLimits({ store, clock, defaults: rateDefaults });
  const redis = redisUrl === null ? null : await openRedis(redisUrl);
  const limiter = new Limiter({
    clock,
    known,
    buckets: redis ?? createBucketStore(database.readers),
    quotas: createQuotaStore(database.readers),
    unauthenticated: config.unauthenticated,
    onRefused: (kind) => metrics.countRefusal(kind),
    onShares: (what, isWorking) => {
      const message = isWorking
        ? 'limits are shared again'
        : 'limits can not be shared; this process lives by its strict share';
      log.warn({ what }, message);
    },
  });
  return { limiter, store, rateDefaults, close: async () => redis?.close() };
}

/** Loaded where it is used: the client takes 29 MB. */
async function openRedis(url: string): Promise<RedisBucketStore> {
  const { RedisBucketStore } = await import('../../adapters/redis/index.ts');
  return new RedisBucketStore(url);
}
