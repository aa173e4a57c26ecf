import { FlattenedSign } from './json-web-signature.ts';
import type { CryptoKey, JWK, KeyObject } from './json-web-signature.ts';
import type { AgentCardSignature, JsonObject } from '../model/index.ts';
import type { CardSignatureAlgorithm } from './signature-header.ts';
import { signingTexts } from './signing-form.ts';

/** A key that signs cards, and what its signatures say about it. */
export interface CardSigningKey {
  readonly kid: string;
  readonly algorithm: CardSignatureAlgorithm;
  readonly privateKey: CryptoKey | KeyObject | JWK;
  /** Where the public half is published; a hint for readers. */
  readonly jku?: string;
}

/**
 * Detached signatures (RFC 7515 appendix F) over a card's wire document: one over the form of the specification and, where the two
 * differ, one over the form without empties that the official SDKs verify. Signatures the document has are not covered. Rejects with
 * `TypeError` when the document holds what JSON can not, and with the error of `jose` for a key that does not fit its algorithm.
 */
export async function signCardDocument(
  document: JsonObject,
  key: CardSigningKey,
): Promise<readonly AgentCardSignature[]> {
  const { kid, algorithm, jku, privateKey } = key;
  const protectedHeader = { alg: algorithm, typ: 'JOSE', kid, ...(jku === undefined ? {} : { jku }) };
  const signed: AgentCardSignature[] = [];
  for (const { form, text } of signingTexts(document)) {
    if (form === 'as-published') continue;
    const jws = await new FlattenedSign(new TextEncoder().encode(text))
      .setProtectedHeader(protectedHeader)
      .sign(privateKey);
    signed.push({ protected: jws.protected ?? '', signature: jws.signature });
  }
  return signed;
}
