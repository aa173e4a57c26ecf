import type { Statement } from '../statement.ts';

/** Forgets revocations that end nothing any more, at most `limit` of them. */
export function forgetOldRevocations(limit: number): Statement {
  return {
    name: 'forget-old-revocations',
    text: `
      delete from colloquy.revocations where ctid = any (array(
        select ctid from colloquy.revocations where expires_at < colloquy.now_utc() - interval '1 hour' limit $1))`,
    values: [limit],
  };
}
