import { createHmac } from 'node:crypto';
import { signToken } from '@colloquy/testkit';
import type { TokenAlgorithm } from '@colloquy/testkit';
import type { Material } from './material.ts';

/** Numbers of one seed. */
export interface Chance {
  /** An integer from 0 up to, and without, `below`. */
  below(below: number): number;
}

/** A way to forge a token; null where it does not apply to the issuer. */
export type Forge = (m: Material, chance: Chance) => string | null;

type Fields = Readonly<Record<string, unknown>>;

const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
const headAndBody = ({ good }: Material): string => good.split('.').slice(0, 2).join('.');
const signatureOf = ({ good }: Material): string => good.split('.')[2] ?? '';

/** Signed as well as the forger can, with these changes. */
function minted(m: Material, header: Fields, claims: Fields = {}): string {
  return signToken({ ...m.header, ...header }, { ...m.claims, ...claims }, m.key);
}
const withHeader =
  (header: Fields | ((m: Material) => Fields)): Forge =>
  (m) =>
    minted(m, typeof header === 'function' ? header(m) : header);
const withClaims =
  (claims: Fields | ((m: Material) => Fields)): Forge =>
  (m) =>
    minted(m, {}, typeof claims === 'function' ? claims(m) : claims);
/** Only where the forger signs as the issuer: elsewhere the signature would be wrong anyway, and nothing learned. */
const asIssuer =
  (forge: Forge): Forge =>
  (m, chance) =>
    m.isOwnKey ? forge(m, chance) : null;
const by =
  (algorithm: TokenAlgorithm, header: Fields = {}): Forge =>
  (m) => {
    const key = m.foreign.get(algorithm);
    return key === undefined ? null : signToken({ ...m.header, alg: algorithm, ...header }, m.claims, key);
  };
const hmac =
  (secretOf: (m: Material) => string, alg = 'HS256'): Forge =>
  (m) => {
    const text = `${encoded({ ...m.header, alg })}.${encoded(m.claims)}`;
    return `${text}.${createHmac(`sha${alg.slice(2)}`, secretOf(m))
      .update(text)
      .digest('base64url')}`;
  };
const pemOf = ({ key }: Material): string => key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const shapes: Readonly<Record<string, Forge>> = {
  'one word': () => 'token',
  'two parts': headAndBody,
  'four parts': (m) => `${m.good}.`,
  'five parts': (m) => `${m.good}.${encoded('a')}.${encoded('b')}`,
  'no signature': (m) => `${headAndBody(m)}.`,
  'dots only': () => '..',
  'padding at the end': (m) => `${m.good}=`,
  'padding inside': (m) => m.good.replace('.', '=.'),
  'a second form of the last digit': (m) =>
    `${m.good.slice(0, -1)}${String.fromCharCode(m.good.charCodeAt(m.good.length - 1) + 1)}`,
  'the alphabet of base64': (m) => `${headAndBody(m)}.+/+/`,
  'a truncated signature': (m, chance) => m.good.slice(0, -1 - chance.below(40)),
  'a longer signature': (m) => `${m.good}AAAA`,
  'a doubled signature': (m) => `${m.good}${signatureOf(m)}`,
  'a zero signature': (m) => `${headAndBody(m)}.${'A'.repeat(86)}`,
  'the signature of another token': (m) => `${headAndBody(m)}.${(m.others[0] ?? '').split('.')[2] ?? ''}`,
  'one bit of the signature flipped': (m, chance) => flipped(m, 2, chance),
  'one bit of the payload flipped': (m, chance) => flipped(m, 1, chance),
  'one bit of the header flipped': (m, chance) => flipped(m, 0, chance),
  'header and payload swapped': (m) => [m.good.split('.')[1], m.good.split('.')[0], signatureOf(m)].join('.'),
  'a signature over other bytes': (m) =>
    `${encoded({ ...m.header })}.${encoded({ ...m.claims, scope: 'all' })}.${signatureOf(m)}`,
  'upper case': (m) => m.good.toUpperCase(),
  'a token inside a token': (m) => signToken({ ...m.header, cty: 'JWT' }, m.good, m.key),
  'more than 8 KB': (m) => minted(m, {}, { pad: 'x'.repeat(8 * 1024) }),
  'a header of 8 KB': (m) => minted(m, { pad: 'x'.repeat(8 * 1024) }),
};

const algorithms: Readonly<Record<string, Forge>> = {
  'alg none': (m) => `${encoded({ ...m.header, alg: 'none' })}.${encoded(m.claims)}.`,
  'alg none with a signature': withHeader({ alg: 'none' }),
  'alg None': withHeader({ alg: 'None' }),
  'alg nOnE without a signature': (m) => `${encoded({ ...m.header, alg: 'nOnE' })}.${encoded(m.claims)}.`,
  'no alg': withHeader({ alg: undefined }),
  'an empty alg': withHeader({ alg: '' }),
  'alg as a list': (m) => minted(m, { alg: [m.header['alg']] }),
  'alg as an object': withHeader({ alg: {} }),
  'alg in lower case': (m) => minted(m, { alg: String(m.header['alg']).toLowerCase() }),
  'alg with a space': (m) => minted(m, { alg: `${String(m.header['alg'])} ` }),
  'HS256 with the public PEM': hmac(pemOf),
  'HS384 with the public PEM': hmac(pemOf, 'HS384'),
  'HS512 with the public PEM': hmac(pemOf, 'HS512'),
  'HS256 with the public JWK': hmac(({ key }) => JSON.stringify(key.publicJwk)),
  'HS256 with the key id': hmac((m) => String(m.header['kid'])),
  'HS256 with nothing': hmac(() => ''),
  'HS256 with "secret"': hmac(() => 'secret'),
  'RS256 by an unknown key': by('RS256'),
  'PS256 by an unknown key': by('PS256'),
  'ES256 by an unknown key': by('ES256'),
  'EdDSA by an unknown key': by('EdDSA'),
  'RS256 said of another signature': (m) => (m.header['alg'] === 'RS256' ? null : minted(m, { alg: 'RS256' })),
  'PS256 said of another signature': (m) => (m.header['alg'] === 'PS256' ? null : minted(m, { alg: 'PS256' })),
  'ES256 said of another signature': (m) =>
    m.header['alg'] === 'ES256' && m.isOwnKey ? null : minted(m, { alg: 'ES256' }),
  'EdDSA said of another signature': (m) => (m.header['alg'] === 'EdDSA' ? null : minted(m, { alg: 'EdDSA' })),
  ES384: withHeader({ alg: 'ES384' }),
  ES256K: withHeader({ alg: 'ES256K' }),
  RS512: withHeader({ alg: 'RS512' }),
  RS1: withHeader({ alg: 'RS1' }),
  'ML-DSA-44': withHeader({ alg: 'ML-DSA-44' }),
  'RSA-OAEP': withHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' }),
  dir: withHeader({ alg: 'dir', enc: 'A256GCM' }),
  PBES2: withHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2s: 'c2FsdA', p2c: 2_000_000_000 }),
  'PBES2 in five parts': (m) => {
    const header = { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2s: 'c2FsdA', p2c: 2_000_000_000 };
    return [encoded({ ...m.header, ...header }), 'AAAA', 'AAAA', 'AAAA', 'AAAA'].join('.');
  },
};

const headers: Readonly<Record<string, Forge>> = {
  'a key in the header': (m) => minted(m, { jwk: m.key.publicJwk }),
  'an unknown key in the header': (m) => {
    const key = m.foreign.get('ES256') ?? m.key;
    return signToken({ ...m.header, alg: 'ES256', jwk: key.publicJwk }, m.claims, key);
  },
  'an unknown key in the header, without a key id': (m) => {
    const key = m.foreign.get('ES256') ?? m.key;
    return signToken({ alg: 'ES256', typ: 'at+jwt', jwk: key.publicJwk }, m.claims, key);
  },
  'an address of keys': withHeader({ jku: 'http://127.0.0.1:9/jwks.json' }),
  'an address of keys of the cloud': withHeader({ jku: 'http://169.254.169.254/latest' }),
  'an address of a certificate': withHeader({ x5u: 'http://127.0.0.1:9/cert.pem' }),
  'a certificate': withHeader({ x5c: ['MIIB'] }),
  'a critical extension': withHeader({ crit: ['exp'] }),
  'an unknown critical extension': withHeader({ crit: ['urn:x'], 'urn:x': true }),
  'an empty list of critical extensions': withHeader({ crit: [] }),
  'an unencoded payload': withHeader({ b64: false, crit: ['b64'] }),
  'b64 without crit': withHeader({ b64: false }),
  'b64 that is true': withHeader({ b64: true }),
  compression: withHeader({ zip: 'DEF' }),
  'a nested type': withHeader({ cty: 'JWT' }),
  'no key id': withHeader({ kid: undefined }),
  'an empty key id': withHeader({ kid: '' }),
  'an unknown key id': (m, chance) => minted(m, { kid: `unknown-${String(chance.below(1_000_000))}` }),
  'a key id that is a path': withHeader({ kid: '../../../../dev/null' }),
  'a key id that is SQL': withHeader({ kid: "' or 1=1 --" }),
  'a key id that is a command': withHeader({ kid: '$(id)' }),
  'a key id that is an address': withHeader({ kid: 'http://127.0.0.1:9/key' }),
  'a key id that is a number': withHeader({ kid: 0 }),
  'a key id that is a list': (m) => minted(m, { kid: [m.header['kid']] }),
  'a key id of every object': withHeader({ kid: '__proto__' }),
  'a key id that is a constructor': withHeader({ kid: 'constructor' }),
  'a key id with NUL': (m) => minted(m, { kid: `${String(m.header['kid'])}\0` }),
  'a key id of 10,000 characters': withHeader({ kid: 'k'.repeat(3_000) }),
  'the key id of another type': (m) => {
    const other = [...m.foreign.values()].find(({ algorithm }) => algorithm !== m.header['alg']);
    return minted(m, { kid: other?.kid });
  },
  'typ JWT': withHeader({ typ: 'JWT' }),
  'no typ': withHeader({ typ: undefined }),
  'an empty typ': withHeader({ typ: '' }),
  'typ of an ID token': withHeader({ typ: 'id+jwt' }),
  'typ of a proof': withHeader({ typ: 'dpop+jwt' }),
  'typ of a client assertion': withHeader({ typ: 'client-authentication+jwt' }),
  'typ of a logout token': withHeader({ typ: 'logout+jwt' }),
  'typ of an event': withHeader({ typ: 'secevent+jwt' }),
  'typ of a card signature': withHeader({ typ: 'JOSE' }),
  'typ as a number': withHeader({ typ: 1 }),
  'a header that is a list': (m) => signToken([m.header], m.claims, m.key),
  'a header that is null': (m) => signToken('null', m.claims, m.key),
  'a header that is no JSON': (m) => signToken('{"alg":"ES256"', m.claims, m.key),
  'a header with the same member twice': (m) =>
    signToken(JSON.stringify(m.header).replace('{', '{"alg":"none",'), m.claims, m.key),
  'a header with a byte order mark': (m) => signToken(`\ufeff${JSON.stringify(m.header)}`, m.claims, m.key),
};

const claims: Readonly<Record<string, Forge>> = {
  'a payload that is a list': (m) => signToken(m.header, [m.claims], m.key),
  'a payload that is null': (m) => signToken(m.header, 'null', m.key),
  'a payload that is no JSON': (m) => signToken(m.header, 'claims', m.key),
  'a payload that is a text': (m) => signToken(m.header, '"claims"', m.key),
  'a payload with the same member twice': (m) =>
    signToken(m.header, JSON.stringify(m.claims).replace('{', '{"sub":"admin",'), m.key),
  'a payload with NUL': (m) => minted(m, {}, { sub: 'a\0b' }),
  'another issuer': withClaims({ iss: 'https://evil.example' }),
  'an issuer with a slash more': (m) => minted(m, {}, { iss: `${String(m.claims['iss'])}/` }),
  'an issuer in another case': (m) => minted(m, {}, { iss: String(m.claims['iss']).toUpperCase() }),
  'issuers in a list': (m) => minted(m, {}, { iss: [m.claims['iss']] }),
  'no issuer': withClaims({ iss: undefined }),
  'an empty issuer': withClaims({ iss: '' }),
  'an issuer of every object': withClaims({ iss: '__proto__' }),
  'another audience': withClaims({ aud: 'https://agent.example' }),
  'the audience of another tenant': (m) => minted(m, {}, { aud: `${String(m.claims['aud'])}-other` }),
  'one audience in a list': (m) => minted(m, {}, { aud: [m.claims['aud']] }),
  'several audiences': (m) => minted(m, {}, { aud: [m.claims['aud'], 'https://agent.example'] }),
  'no audience': withClaims({ aud: undefined }),
  'an empty audience': withClaims({ aud: '' }),
  'an audience that is an object': withClaims({ aud: {} }),
  'an end that has passed': (m, chance) => minted(m, {}, { exp: m.nowSeconds - 61 - chance.below(10_000) }),
  'no end': withClaims({ exp: undefined }),
  'an end as a text': (m) => minted(m, {}, { exp: String(m.nowSeconds + 60) }),
  'an end as a list': (m) => minted(m, {}, { exp: [m.nowSeconds + 60] }),
  'an end that is null': withClaims({ exp: null }),
  'an end beyond numbers': (m) =>
    signToken(m.header, JSON.stringify(m.claims).replace(/"exp":\d+/, '"exp":1e999'), m.key),
  'an end in milliseconds': (m) => minted(m, {}, { exp: m.nowSeconds * 1000 }),
  'a life of two days': (m) => minted(m, {}, { exp: m.nowSeconds + 2 * 86_400 }),
  'a start in the future': (m, chance) => minted(m, {}, { nbf: m.nowSeconds + 120 + chance.below(10_000) }),
  'a start as a text': withClaims({ nbf: 'now' }),
  'an issue in the future': (m, chance) =>
    minted(m, {}, { iat: m.nowSeconds + 120 + chance.below(100), exp: m.nowSeconds + 600 }),
  'no issue': withClaims({ iat: undefined }),
  'an issue as a text': withClaims({ iat: 'today' }),
  'an issue after the end': (m) => minted(m, {}, { iat: m.nowSeconds, exp: m.nowSeconds - 1 }),
  'no subject': withClaims({ sub: undefined }),
  'an empty subject': withClaims({ sub: '' }),
  'a subject that is an object': withClaims({ sub: {} }),
  'a subject that is a list': withClaims({ sub: ['admin'] }),
  'a subject that is a number': withClaims({ sub: 1 }),
  'a subject of 10,000 characters': withClaims({ sub: 's'.repeat(4_000) }),
  'half a character': (m) => signToken(m.header, JSON.stringify(m.claims).replace('{', '{"x":"\\ud800",'), m.key),
  'an unknown binding': withClaims({ cnf: { 'urn:x': 'y' } }),
  'an empty bound': withClaims({ cnf: {} }),
  'a bound that is a text': withClaims({ cnf: 'me' }),
  'a bound to a key that is not shown': withClaims({ cnf: { jkt: 'A'.repeat(43) } }),
  'a bound to a certificate that is not shown': withClaims({ cnf: { 'x5t#S256': 'A'.repeat(43) } }),
  'a bound to a whole key': (m) => minted(m, {}, { cnf: { jwk: m.key.publicJwk } }),
};

/** Claims that name our own rights have no say in a token of others; what they are worth is tested where they are judged. */
const misused: Readonly<Record<string, Forge>> = {
  'an ID token': asIssuer(withHeader({ typ: 'JWT' })),
  'an API key that was made up': (_m, chance) => `clq_${hex(chance, 32)}_${'A'.repeat(49)}`,
  'an API key without its checksum': (_m, chance) => `clq_${hex(chance, 32)}_${'B'.repeat(43)}`,
  'a token behind the prefix of a key': (m) => `clq_${m.good.replaceAll(/[^A-Za-z0-9]/g, '')}`,
  'a client secret': (_m, chance) => `cls_${hex(chance, 43)}`,
  'a key id alone': (m) => String(m.header['kid']),
};

/** Every way to forge, by name. */
export const forgeries: ReadonlyMap<string, Forge> = new Map(
  Object.entries({ ...shapes, ...algorithms, ...headers, ...claims, ...misused }),
);

/** Good tokens but for who shows them: with the scheme of proofs the answer rightly says that one is missing (RFC 9449 section 7.1). */
export const bearerOnly: ReadonlySet<string> = new Set(['a bound to a key that is not shown']);

function hex(chance: Chance, length: number): string {
  return Array.from({ length }, () => chance.below(16).toString(16)).join('');
}

/** The bit is one that is read: the first six of a digit never hang over the end of the bytes but in the last one. */
function flipped({ good }: Material, at: number, chance: Chance): string {
  const parts = good.split('.');
  const bytes = Buffer.from(parts[at] ?? '', 'base64url');
  const place = chance.below(bytes.length);
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << chance.below(8)), place);
  return parts.with(at, bytes.toString('base64url')).join('.');
}
