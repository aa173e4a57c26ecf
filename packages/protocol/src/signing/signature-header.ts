import { base64url } from './json-web-signature.ts';
import type { JsonObject, JsonValue } from '../model/index.ts';
import { isList, isObject } from './canonical-json.ts';

/** Algorithms that a card may be signed with: asymmetric ones only (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
export const cardSignatureAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const;

/** The name of an algorithm that a card may be signed with. */
export type CardSignatureAlgorithm = (typeof cardSignatureAlgorithms)[number];

/** Signatures of one card; more make the card invalid. */
export const cardSignaturesMax = 16;

/** Why no key can make a signature valid. */
export type SignatureFault = 'malformed' | 'too-many' | 'no-key-id' | 'algorithm-refused';

/** One signature of a card as it stands on the wire, with what its protected header says. */
export interface ReadSignature {
  readonly kid: string;
  readonly algorithm: CardSignatureAlgorithm;
  /** The header's `jku`: where the key may be published. The key is never fetched from there. */
  readonly jku?: string;
  readonly protected: string;
  readonly signature: string;
  readonly header?: JsonObject;
}

const base64urlText = /^[A-Za-z0-9_-]+$/;
const kidCharsMax = 256;

/** Reads the signatures of a card's wire document; empty when it is unsigned. Never throws. */
export function readSignatures(document: JsonObject): readonly (ReadSignature | SignatureFault)[] {
  const { signatures } = document;
  if (signatures === undefined || signatures === null) return [];
  if (!isList(signatures)) return ['malformed'];
  return signatures.length > cardSignaturesMax ? ['too-many'] : signatures.map(readSignature);
}

/** The ids of the keys that the signatures name, each once: what a verifier has to look up. */
export function signatureKeyIds(document: JsonObject): readonly string[] {
  return [...new Set(readSignatures(document).flatMap((read) => (typeof read === 'string' ? [] : [read.kid])))];
}

function readSignature(value: JsonValue): ReadSignature | SignatureFault {
  if (!isObject(value)) return 'malformed';
  const { protected: encoded, signature, header } = value;
  if (typeof encoded !== 'string' || typeof signature !== 'string') return 'malformed';
  if (!base64urlText.test(encoded) || !base64urlText.test(signature)) return 'malformed';
  if (header !== undefined && header !== null && !isObject(header)) return 'malformed';
  const parameters = parsedHeader(encoded);
  if (parameters === null) return 'malformed';
  const { kid, alg, jku } = parameters;
  const algorithm = cardSignatureAlgorithms.find((name) => name === alg);
  if (algorithm === undefined) return 'algorithm-refused';
  if (typeof kid !== 'string' || kid === '' || kid.length > kidCharsMax) return 'no-key-id';
  return {
    kid,
    algorithm,
    ...(typeof jku === 'string' ? { jku } : {}),
    protected: encoded,
    signature,
    ...(isObject(header) ? { header } : {}),
  };
}

function parsedHeader(encoded: string): JsonObject | null {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse answers JSON values only
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(encoded))) as JsonValue;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
