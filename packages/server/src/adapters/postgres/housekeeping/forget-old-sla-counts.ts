import type { Statement } from '../statement.ts';

/** Forgets how tasks ended in hours longer than `olderThanMs` ago, at most `limit` rows of them, of whatever tenant. */
export function forgetOldSlaCounts(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-sla-counts',
    text: `
      delete from colloquy.sla_counts where ctid = any (array(
        select ctid from colloquy.sla_counts
        where hour < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}
