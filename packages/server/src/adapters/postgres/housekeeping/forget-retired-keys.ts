import type { Statement } from '../statement.ts';

/** Forgets signing keys that were retired `retiredForMs` ago: what they signed has long ended. */
export function forgetRetiredKeys(retiredForMs: number): Statement {
  return {
    name: 'forget-retired-keys',
    text: `delete from colloquy.signing_keys where retired_at < colloquy.now_utc() - $1 * interval '1 millisecond'`,
    values: [retiredForMs],
  };
}
