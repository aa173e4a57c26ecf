import type { StoredSigningKey } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Adds a signing key when none in use but `besides` is younger than a bound, or none is in use at all; never one that was there before.
 * Needs the lock of `lockSigningKeys` in a statement before it.
 */
export function addSigningKey(
  key: StoredSigningKey,
  youngerThanMs: number | null,
  besides: string | null,
): Statement<{ readonly kid: string }> {
  return {
    name: 'add-signing-key',
    text: `
      insert into colloquy.signing_keys (kid, algorithm, public_jwk, private_jwk_sealed)
      select $1, $2, $3, $4
      where not exists (
        select from colloquy.signing_keys
        where retired_at is null and kid is distinct from $6
          and ($5::float8 is null or created_at > colloquy.now_utc() - $5::float8 * interval '1 millisecond'))
      on conflict (kid) do nothing
      returning kid`,
    values: [key.kid, key.algorithm, JSON.stringify(key.publicJwk), key.privateJwkSealed, youngerThanMs, besides],
  };
}
