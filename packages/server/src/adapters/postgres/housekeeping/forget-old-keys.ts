import type { Statement } from '../statement.ts';

/** Forgets idempotency keys older than `olderThanMs`, at most `limit` of them, of whatever tenant. */
export function forgetOldKeys(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-keys',
    text: `
      delete from colloquy.idempotency_keys where ctid = any (array(
        select ctid from colloquy.idempotency_keys
        where created_at < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}
