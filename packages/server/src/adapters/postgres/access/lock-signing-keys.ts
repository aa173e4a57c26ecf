import type { Statement } from '../statement.ts';

/** Holds up every other process that wants to make the first signing key, until this transaction ends. */
export function lockSigningKeys(): Statement {
  return {
    name: 'lock-signing-keys',
    text: `select pg_advisory_xact_lock(hashtextextended('colloquy.signing_keys', 0))`,
    values: [],
  };
}
