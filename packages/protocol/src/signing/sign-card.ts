import { base64url, FlattenedSign } from './json-web-signature.ts';
import type { CryptoKey, JWK, KeyObject } from './json-web-signature.ts';
import type { AgentCardSignature, JsonObject } from '../model/index.ts';
import type { CardSignatureAlgorithm } from './signature-header.ts';
import { signingTexts } from './signing-form.ts';

/** A key that signs cards, and what its signatures say about it. */
export type CardSigningKey = CardKeyFacts &
  (
    | { readonly privateKey: CryptoKey | KeyObject | JWK }
    | {
        /** The signature of some bytes as JWS has it (RFC 7518 section 3), by whatever holds the private key. */
        readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
      }
  );

interface CardKeyFacts {
  readonly kid: string;
  readonly algorithm: CardSignatureAlgorithm;
  /** URL of the published public key, for readers. */
  readonly jku?: string;
}

/**
 * Detached signatures (RFC 7515 appendix F) over a card's wire document: one over the form of the specification and, where the two
 * differ, one over the form without empties that the official SDKs verify. Signatures the document has are not covered. Rejects with
 * `TypeError` when the document holds what JSON can not, with the error of `jose` for a key that does not fit its algorithm, and as `sign` does.
 */
export async function signCardDocument(
  document: JsonObject,
  key: CardSigningKey,
): Promise<readonly AgentCardSignature[]> {
  const { kid, algorithm, jku } = key;
  const protectedHeader = { alg: algorithm, typ: 'JOSE', kid, ...(jku === undefined ? {} : { jku }) };
  const signed: AgentCardSignature[] = [];
  for (const { form, text } of signingTexts(document)) {
    if (form === 'as-published') continue;
    const payload = new TextEncoder().encode(text);
    signed.push(
      await ('sign' in key
        ? signedBy(key.sign, protectedHeader, payload)
        : signedWith(key.privateKey, protectedHeader, payload)),
    );
  }
  return signed;
}

type ProtectedHeader = Readonly<Record<'alg' | 'typ' | 'kid', string>> & { readonly jku?: string };

async function signedWith(
  privateKey: CryptoKey | KeyObject | JWK,
  header: ProtectedHeader,
  payload: Uint8Array,
): Promise<AgentCardSignature> {
  const jws = await new FlattenedSign(payload).setProtectedHeader(header).sign(privateKey);
  return { protected: jws.protected ?? '', signature: jws.signature };
}

/** RFC 7515 section 5.1. */
async function signedBy(
  sign: (data: Uint8Array) => Promise<Uint8Array>,
  header: ProtectedHeader,
  payload: Uint8Array,
): Promise<AgentCardSignature> {
  const encoded = base64url.encode(JSON.stringify(header));
  const input = new TextEncoder().encode(`${encoded}.${base64url.encode(payload)}`);
  return { protected: encoded, signature: base64url.encode(await sign(input)) };
}
