import type { JsonObject } from '@colloquy/protocol';
import { cardSignatureAlgorithms, signatureKeyIds, verifyCardDocument } from '@colloquy/protocol/signing';
import type { TrustedCardKey as VerifyingKey } from '@colloquy/protocol/signing';
import { importJWK } from 'jose';
import type { CardVerifier, TrustedCardKey } from '../../modules/trust/index.ts';

/** Verifies cards with jose, against the keys that it is given. */
export const cardVerifier: CardVerifier = {
  async isUsable(publicJwk, algorithm) {
    try {
      const key = await importJWK(jwkOf(publicJwk), algorithm);
      return !(key instanceof Uint8Array) && key.type === 'public';
    } catch {
      return false;
    }
  },
  keyIds: (document) => signatureKeyIds(document),
  async verify(document: JsonObject, keys: readonly TrustedCardKey[]) {
    const verdict = await verifyCardDocument(document, keys.map(verifyingKeyOf));
    return verdict.state === 'verified' ? { state: 'verified', kid: verdict.kid } : verdict;
  },
};

function verifyingKeyOf({ kid, algorithms, publicJwk }: TrustedCardKey): VerifyingKey {
  return {
    kid,
    algorithms: cardSignatureAlgorithms.filter((name) => algorithms.includes(name)),
    publicKey: jwkOf(publicJwk),
  };
}

/** The form that jose expects; a key without a type is refused. */
function jwkOf(publicJwk: JsonObject): JsonObject & { readonly kty: string } {
  const { kty } = publicJwk;
  return { ...publicJwk, kty: typeof kty === 'string' ? kty : '' };
}
