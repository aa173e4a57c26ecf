import type { Statement } from '../statement.ts';

/** Forgets deliveries that were settled longer ago than `olderThanMs`, at most `limit` of them, of whatever tenant. */
export function forgetOldDeliveries(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-deliveries',
    text: `
      delete from colloquy.deliveries where ctid = any (array(
        select ctid from colloquy.deliveries
        where state in ('delivered', 'dead') and last_attempt_at < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}
