import type { Statement } from '../statement.ts';

/** Forgets counts of sends whose period began longer than `olderThanMs` ago, at most `limit` of them, of whatever tenant. */
export function forgetOldQuotas(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-quotas',
    text: `
      delete from colloquy.quota_counts where ctid = any (array(
        select ctid from colloquy.quota_counts
        where begins_on < (colloquy.now_utc() - $1 * interval '1 millisecond')::date limit $2))`,
    values: [olderThanMs, limit],
  };
}
