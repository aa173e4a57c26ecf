import type { Statement } from '../statement.ts';

/** Forgets spent proofs that could not pass any more, at most `limit` of them. */
export function forgetSpentProofs(limit: number): Statement {
  return {
    name: 'forget-spent-proofs',
    text: `
      delete from colloquy.spent_proofs where ctid = any (array(
        select ctid from colloquy.spent_proofs where expires_at < colloquy.now_utc() limit $1))`,
    values: [limit],
  };
}
