import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { JsonObject, JsonValue } from '@colloquy/protocol';
import type { ExternalAlgorithm } from '../../modules/issuers/index.ts';

/** A public key of an issuer and the algorithms that it may be used with. */
export interface IssuerKey {
  readonly publicKey: KeyObject;
  readonly algorithms: readonly string[];
}

const modulusBitsMin = 2048;
/** Verifying takes longer with every bit. */
const modulusBitsMax = 8192;
const exponentMax = 0xffff_ffffn;
const kidCharsMax = 256;
/** Members that only a private or a secret key has (RFC 7518 section 6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The one algorithm of each key type and curve; the header of a token cannot choose another. */
const algorithmsOf: ReadonlyMap<string, readonly ExternalAlgorithm[]> = new Map([
  ['RSA', ['RS256', 'PS256']],
  ['EC P-256', ['ES256']],
  ['OKP Ed25519', ['EdDSA']],
]);

/**
 * The keys of a JSON Web Key Set (RFC 7517 section 5) that can verify signatures here, by their ids. Keys that cannot are left out, and so is
 * an id that two keys have. Null for a document that is no key set or has too many keys.
 */
export function issuerKeysIn(document: unknown, keysMax: number): ReadonlyMap<string, IssuerKey> | null {
  const listed = membersOf(document)?.['keys'];
  if (!Array.isArray(listed) || listed.length > keysMax) return null;
  const keys = new Map<string, IssuerKey>();
  const seen = new Set<string>();
  for (const item of listed) {
    const jwk = membersOf(item);
    const kid = jwk?.['kid'];
    if (jwk === null || typeof kid !== 'string' || kid === '' || kid.length > kidCharsMax) continue;
    const key = seen.has(kid) ? null : issuerKeyOf(jwk);
    if (key === null) keys.delete(kid);
    else keys.set(kid, key);
    seen.add(kid);
  }
  return keys;
}

function issuerKeyOf(jwk: JsonObject): IssuerKey | null {
  const { kty, crv, alg, use, key_ops: operations } = jwk;
  if (secretMembers.some((member) => Object.hasOwn(jwk, member))) return null;
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  const possible = algorithmsOf.get(kindOf(kty, crv));
  if (possible === undefined) return null;
  const algorithms = alg === undefined ? possible : possible.filter((algorithm) => isNamed(alg, algorithm));
  const publicKey = algorithms.length === 0 ? null : publicKeyOf(jwk);
  return publicKey === null ? null : { publicKey, algorithms };
}

/** The key type, with its curve where there is one. */
function kindOf(kty: JsonValue | undefined, crv: JsonValue | undefined): string {
  if (typeof kty !== 'string') return '';
  return typeof crv === 'string' ? `${kty} ${crv}` : kty;
}

/** RFC 9864 section 2.2 names the curve in the algorithm. */
function isNamed(alg: JsonValue, algorithm: ExternalAlgorithm): boolean {
  return alg === algorithm || (alg === 'Ed25519' && algorithm === 'EdDSA');
}

function publicKeyOf({ kty, crv, x, y, n, e }: JsonObject): KeyObject | null {
  const members = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  try {
    const key = createPublicKey({ key: Object.fromEntries(members), format: 'jwk' });
    const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
    if (kty !== 'RSA') return key;
    const isModulusFit =
      modulusLength !== undefined && modulusLength >= modulusBitsMin && modulusLength <= modulusBitsMax;
    const isExponentFit = publicExponent !== undefined && publicExponent >= 3n && publicExponent <= exponentMax;
    return isModulusFit && isExponentFit ? key : null;
  } catch {
    return null;
  }
}

function membersOf(value: unknown): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documents are read from JSON
  return value as JsonObject;
}
