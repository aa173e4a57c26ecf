import type { JsonObject } from '@colloquy/protocol';
import { cardSignatureAlgorithms, signatureKeyIds, verifyCardDocument } from '@colloquy/protocol/signing';
import type { TrustedCardKey as VerifyingKey } from '@colloquy/protocol/signing';
import { importJWK } from 'jose';
import type { CardVerifier, TrustedCardKey } from '../../modules/trust/index.ts';

/** Verifies cards with jose, against the keys that it is given. */
export const cardVerifier: CardVerifier = {
  async isUsable(publicJwk, algorithm) {
    try {
      const key = await importJWK({ ...publicJwk, kty: String(publicJwk['kty']) }, algorithm);
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
    publicKey: { ...publicJwk, kty: String(publicJwk['kty']) },
  };
}
