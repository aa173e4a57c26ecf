import type { Statement } from '../statement.ts';

export interface KeyFactsRow {
  readonly kid: string;
  readonly created_at: Date;
  readonly retired_at: Date | null;
  readonly dropped_at: Date | null;
  readonly age_ms: number;
}

/** What is known of every signing key, oldest first, without the keys themselves. */
export function listKeyFacts(): Statement<KeyFactsRow> {
  return {
    name: 'list-key-facts',
    text: `
      select kid, created_at, retired_at, dropped_at,
        (extract(epoch from colloquy.now_utc() - created_at) * 1000)::float8 as age_ms
      from colloquy.signing_keys order by created_at, kid`,
    values: [],
  };
}
