import type { BucketStore } from '../../../modules/limits/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { exchangeBuckets } from './exchange-buckets.ts';

/** Shared buckets in PostgreSQL, over a pool of the application's role. They belong to no tenant. */
export function createBucketStore(pool: DatabasePool): BucketStore {
  return {
    async exchange(told) {
      const [settled] = await inTransaction(pool, { tenantIds: [] }, [exchangeBuckets(told)]);
      return settled.rows;
    },
  };
}
