import { canonicalJson } from '@colloquy/protocol/signing';
import { createResultStore } from '../../adapters/postgres/results/result-store.ts';
import { createCachePolicyStore } from '../../adapters/postgres/results/cache-policy-store.ts';
import type { RedisResultStore } from '../../adapters/redis/index.ts';
import type { Secrets } from '../../config/secrets.ts';
import { KnownCachePolicies, ResultCache } from '../../modules/results/index.ts';
import type { CachePolicyStore } from '../../modules/results/index.ts';
import type { Foundation } from '../foundation.ts';

/** The result cache and its policies. */
export interface ResultParts {
  readonly cache: ResultCache;
  readonly known: KnownCachePolicies;
  readonly policies: CachePolicyStore;
  close(): Promise<void>;
}

/** Results are in Redis when there is one, in PostgreSQL otherwise. The policies are always rows of PostgreSQL. */
export async function createResults(
  { database, clock, log }: Pick<Foundation, 'database' | 'clock' | 'log'>,
  { redisUrl }: Pick<Secrets, 'redisUrl'>,
): Promise<ResultParts> {
  const policies = createCachePolicyStore(database.readers);
  const known = new KnownCachePolicies(policies, clock);
  const redis = redisUrl === null ? null : await openRedis(redisUrl);
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
