import { canonicalJson } from '@colloquy/protocol/signing';
import { createResultStore } from '../../adapters/postgres/results/result-store.ts';
import { createCachePolicyStore } from '../../adapters/postgres/results/cache-policy-store.ts';
import type { RedisResultStore } from '../../adapters/redis/index.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Clock } from '../../kernel/clock.ts';
import { KnownCachePolicies, ResultCache } from '../../modules/results/index.ts';
import type { CachePolicyStore } from '../../modules/results/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';

/** The result cache and the policies that control it. */
export interface ResultParts {
  readonly cache: ResultCache;
  readonly known: KnownCachePolicies;
  readonly policies: CachePolicyStore;
  close(): Promise<void>;
}

export interface ResultPartsOptions {
  readonly secrets: Pick<Secrets, 'redisUrl'>;
  readonly database: Pick<Database, 'readers'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Results are kept in Redis when there is one, in PostgreSQL otherwise; the cache policies are always rows of PostgreSQL. */
export async function createResults({ secrets, database, clock, log }: ResultPartsOptions): Promise<ResultParts> {
  const policies = createCachePolicyStore(database.readers);
  const known = new KnownCachePolicies(policies, clock);
  const redis = secrets.redisUrl === null ? null : await openRedis(secrets.redisUrl);
  const onWorking = (isWorking: boolean): void =>
    log.warn(
      {},
      isWorking ? 'results are cached again' : 'the result cache does not answer; every call goes to its agent',
    );
  const store = redis ?? createResultStore(database.readers);
  const cache = new ResultCache({ store, policies: known, canonical: canonicalJson, clock, onWorking });
  return { cache, known, policies, close: async () => redis?.close() };
}

/** Loaded where it is used: the client takes 29 MB. */
async function openRedis(url: string): Promise<RedisResultStore> {
  const { RedisResultStore } = await import('../../adapters/redis/index.ts');
  return new RedisResultStore(url);
}
