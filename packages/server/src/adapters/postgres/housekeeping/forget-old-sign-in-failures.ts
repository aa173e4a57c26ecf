import type { Statement } from '../statement.ts';

/** Forgets failures to sign in that count no more, at most `limit` of them. */
export function forgetOldSignInFailures(keptMs: number, limit: number): Statement {
  return {
    name: 'forget-old-sign-in-failures',
    text: `
      delete from colloquy.sign_in_failures where ctid = any (array(
        select ctid from colloquy.sign_in_failures
        where failed_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond' limit $2))`,
    values: [keptMs, limit],
  };
}
