import type { Statement } from '../statement.ts';

/** Forgets buckets that have been full for a minute, which is as if they had never been, at most `limit` of them. */
export function forgetFullBuckets(limit: number): Statement {
  return {
    name: 'forget-full-buckets',
    text: `
      delete from colloquy.rate_buckets where ctid = any (array(
        select ctid from colloquy.rate_buckets where full_at < colloquy.now_utc() - interval '1 minute' limit $1))`,
    values: [limit],
  };
}
