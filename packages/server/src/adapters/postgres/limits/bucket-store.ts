import type { BucketStore, BucketReport, SharedBucket } from '../../../modules/limits/index.ts';
import { plainArray } from '../array-literal.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** Shared buckets in PostgreSQL, over a pool of the application's role. They belong to no tenant. */
export function createBucketStore(pool: DatabasePool): BucketStore {
  return {
    async exchange(reports) {
      const [settled] = await inTransaction(pool, { tenantIds: [] }, [exchangeBuckets(reports)]);
      return settled.rows;
    },
  };
}

// Every bucket is locked in the order of the keys before one is changed or made, so that exchanges wait for each other and never in a
// circle. One that another process makes at this moment gets no answer.
const exchangeBucketsSql = `
with told as materialized (
  select * from unnest($1::uuid[], $2::float8[], $3::float8[], $4::float8[], $5::float8[]) as t (key, per_second, burst, taken, start)
), held as materialized (
  select b.bucket_key, b.tokens, b.filled_at from colloquy.rate_buckets b
  where b.bucket_key in (select key from told) order by b.bucket_key for update
), settled as materialized (
  select t.key, t.per_second, t.burst, greatest(-t.burst, least(t.burst,
      h.tokens + t.per_second * greatest(0, extract(epoch from colloquy.now_utc() - h.filled_at)::float8)) - t.taken) as tokens
  from told t join held h on h.bucket_key = t.key
), changed as (
  update colloquy.rate_buckets b set tokens = s.tokens, filled_at = greatest(b.filled_at, colloquy.now_utc()),
    full_at = colloquy.now_utc() + interval '1 second' * ((s.burst - s.tokens) / s.per_second)
  from settled s where b.bucket_key = s.key
  returning b.bucket_key, b.tokens
), made as (
  insert into colloquy.rate_buckets (bucket_key, tokens, filled_at, full_at)
  select t.key, n.tokens, colloquy.now_utc(), colloquy.now_utc() + interval '1 second' * ((t.burst - n.tokens) / t.per_second)
  from told t, lateral (select greatest(-t.burst, least(t.burst, t.start) - t.taken) as tokens) n
  where t.key not in (select bucket_key from held) order by t.key
  on conflict (bucket_key) do nothing
  returning bucket_key, tokens
)
select replace(bucket_key::text, '-', '') as key, tokens from changed
union all select replace(bucket_key::text, '-', ''), tokens from made`;

/** Takes the reported tokens from the shared buckets, each once, and returns their fill. No key occurs twice. */
function exchangeBuckets(reports: readonly BucketReport[]): Statement<SharedBucket> {
  const columns = [
    reports.map(({ key }) => key),
    reports.map(({ perSecond }) => perSecond),
    reports.map(({ burst }) => burst),
    reports.map(({ taken }) => taken),
    reports.map(({ start }) => start),
  ];
  return { name: 'exchange-buckets', text: exchangeBucketsSql, values: columns.map(plainArray) };
}
