import { canonicalJson } from '@colloquy/protocol/signing';
import { createResultStore } from '../../adapters/postgres/results/result-store.ts';
import { createResultTermsStore } from '../../adapters/postgres/results/result-terms-store.ts';
import type { RedisResultStore } from '../../adapters/redis/index.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Clock } from '../../kernel/clock.ts';
import { KnownResultTerms, ResultCache } from '../../modules/results/index.ts';
import type { ResultTermsStore } from '../../modules/results/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';

/** What gives results of one call to another, and what is said of it. */
export interface ResultParts {
  readonly cache: ResultCache;
  readonly known: KnownResultTerms;
  readonly terms: ResultTermsStore;
  close(): Promise<void>;
}

export interface ResultPartsOptions {
  readonly secrets: Pick<Secrets, 'redisUrl'>;
  readonly database: Pick<Database, 'readers'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Results are kept in Redis when there is one, in PostgreSQL otherwise; the terms are always rows of PostgreSQL. */
export async function createResults({ secrets, database, clock, log }: ResultPartsOptions): Promise<ResultParts> {
  const terms = createResultTermsStore(database.readers);
  const known = new KnownResultTerms(terms, clock);
  const redis = secrets.redisUrl === null ? null : await openRedis(secrets.redisUrl);
  const onWorking = (isWorking: boolean): void =>
    log.warn(
      {},
      isWorking ? 'results are kept again' : 'results can not be kept or found; every call goes to its agent',
    );
  const store = redis ?? createResultStore(database.readers);
  const cache = new ResultCache({ store, terms: known, canonical: canonicalJson, clock, onWorking });
  return { cache, known, terms, close: async () => redis?.close() };
}

/** Loaded where it is used: the client takes 29 MB. */
async function openRedis(url: string): Promise<RedisResultStore> {
  const { RedisResultStore } = await import('../../adapters/redis/index.ts');
  return new RedisResultStore(url);
}
