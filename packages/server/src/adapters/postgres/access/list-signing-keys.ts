import type { Statement } from '../statement.ts';

export interface SigningKeyRow {
  readonly kid: string;
  readonly algorithm: 'ES256';
  readonly public_jwk: Readonly<Record<string, unknown>>;
  readonly private_jwk_sealed: Uint8Array;
  readonly age_ms: number;
}

/** The signing keys in use, oldest first. */
export function listSigningKeys(): Statement<SigningKeyRow> {
  return {
    name: 'list-signing-keys',
    text: `
      select kid, algorithm, public_jwk, private_jwk_sealed,
        (extract(epoch from colloquy.now_utc() - created_at) * 1000)::float8 as age_ms
      from colloquy.signing_keys
      where retired_at is null order by created_at, kid`,
    values: [],
  };
}
