import type { JsonObject, JsonValue } from '@colloquy/protocol';

/** One complaint about a key. */
interface Violation {
  readonly field: string;
  readonly description: string;
}

/** A key as a caller sends it. */
export interface CardKeyInput {
  readonly name: string;
  readonly jwk: JsonObject;
}

/** The public key that is stored, and the algorithms that it may be used with. */
export interface ReadCardKey {
  readonly kid: string;
  readonly publicJwk: JsonObject;
  readonly algorithms: readonly string[];
}

const nameCharsMax = 200;
const kidShape = /^(?!\.{1,2}$)[!-~]{1,200}$/;
const base64url = /^[A-Za-z0-9_-]+$/;
/** RSA moduli of 2048 to 8192 bits (RFC 7518 section 3.3), as base64url characters. */
const modulusCharsMin = 341;
const modulusCharsMax = 1366;
const exponentCharsMax = 8;
/** Members that only a private or a secret key has (RFC 7518 section 6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const rsaAlgorithms = ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];

/** The algorithm of each curve. */
const curves: Readonly<
  Record<string, { readonly kty: string; readonly members: readonly string[]; readonly algorithms: readonly string[] }>
> = {
  'P-256': { kty: 'EC', members: ['x', 'y'], algorithms: ['ES256'] },
  'P-384': { kty: 'EC', members: ['x', 'y'], algorithms: ['ES384'] },
  'P-521': { kty: 'EC', members: ['x', 'y'], algorithms: ['ES512'] },
  Ed25519: { kty: 'OKP', members: ['x'], algorithms: ['EdDSA', 'Ed25519'] },
};

/** Whether an id is well-formed; no key in the store has any other id. */
export function isCardKeyId(kid: string): boolean {
  return kidShape.test(kid);
}

/** Reads a public JWK, or returns the list of its violations. Descriptions never quote a value. */
export function readCardKey({ name, jwk }: CardKeyInput): ReadCardKey | readonly Violation[] {
  const shape = shapeOf(jwk);
  const { kid, use, alg } = jwk;
  const wrongs: readonly (readonly [boolean, string, string])[] = [
    [name.trim() === '' || name.length > nameCharsMax, 'name', `must be 1 to ${nameCharsMax} characters`],
    [typeof kid !== 'string' || !isCardKeyId(kid), 'jwk.kid', 'must be 1 to 200 visible ASCII characters'],
    [secretMembers.some((member) => member in jwk), 'jwk', 'must be a public key; this one has private members'],
    [use !== undefined && use !== 'sig', 'jwk.use', 'must be sig, or be left out'],
    [shape === null, 'jwk.kty', 'must be EC (P-256, P-384, P-521), OKP (Ed25519) or RSA of 2048 to 8192 bits'],
    [
      alg !== undefined && shape?.algorithms.includes(typeof alg === 'string' ? alg : '') === false,
      'jwk.alg',
      'must be an algorithm of this kind of key',
    ],
  ];
  const violations = wrongs.filter(([isWrong]) => isWrong).map(([, field, description]) => ({ field, description }));
  if (violations.length > 0 || shape === null || typeof kid !== 'string') return violations;
  return {
    kid,
    publicJwk: shape.publicJwk,
    algorithms: typeof alg === 'string' && alg !== 'EdDSA' && alg !== 'Ed25519' ? [alg] : shape.algorithms,
  };
}

interface KeyShape {
  readonly publicJwk: JsonObject;
  readonly algorithms: readonly string[];
}

function shapeOf(jwk: JsonObject): KeyShape | null {
  const { kty, crv, n, e } = jwk;
  if (kty === 'RSA') {
    const isRsa = isEncoded(n, modulusCharsMin, modulusCharsMax) && isEncoded(e, 1, exponentCharsMax);
    return isRsa ? { publicJwk: { kty, n: n ?? null, e: e ?? null }, algorithms: rsaAlgorithms } : null;
  }
  const curve = typeof crv === 'string' && Object.hasOwn(curves, crv) ? curves[crv] : undefined;
  if (curve === undefined || kty !== curve.kty) return null;
  const members = curve.members.map((member) => [member, jwk[member] ?? null] as const);
  if (!members.every(([, value]) => isEncoded(value, 1, 128))) return null;
  return { publicJwk: { kty, crv: crv ?? null, ...Object.fromEntries(members) }, algorithms: curve.algorithms };
}

function isEncoded(value: JsonValue | undefined, charsMin: number, charsMax: number): boolean {
  return typeof value === 'string' && value.length >= charsMin && value.length <= charsMax && base64url.test(value);
}
