import type { StoredSigningKey } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

/** Adds a signing key when there is none in use. Needs the lock of `lockSigningKeys` in a statement before it. */
export function addFirstSigningKey(key: StoredSigningKey): Statement {
  return {
    name: 'add-first-signing-key',
    text: `
      insert into colloquy.signing_keys (kid, algorithm, public_jwk, private_jwk_sealed)
      select $1, $2, $3, $4
      where not exists (select from colloquy.signing_keys where retired_at is null)`,
    values: [key.kid, key.algorithm, JSON.stringify(key.publicJwk), key.privateJwkSealed],
  };
}
