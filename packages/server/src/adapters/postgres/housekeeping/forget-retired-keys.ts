import type { Statement } from '../statement.ts';

/** Forgets signing keys that were retired `retiredForMs` ago: what they signed has long ended. A dropped one is remembered. */
export function forgetRetiredKeys(retiredForMs: number): Statement {
  return {
    name: 'forget-retired-keys',
    text: `
      delete from colloquy.signing_keys
      where retired_at < colloquy.now_utc() - $1 * interval '1 millisecond' and dropped_at is null`,
    values: [retiredForMs],
  };
}
