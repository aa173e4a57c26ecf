/** Guarantee: only a token that this platform signed, for itself, and that is valid now is accepted; every other token gets the same answer. */
import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync, sign as signWith } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { decodeJwt } from 'jose';
import { forwardTokenSigner } from '../src/adapters/keys/index.ts';
import { localPrivateHalf } from '../src/adapters/keys/private-half.ts';
import { atOnce } from './delegation-setting.ts';
import { limits } from '../src/kernel/limits.ts';
import { callerWith, issuer, rowsOf, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';

type Json = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ed = generateKeyPairSync('ed25519');

function sign(text: string, key: KeyObject): string {
  const dsaEncoding = 'ieee-p1363';
  return createSign('sha256').update(text).sign({ key, dsaEncoding }).toString('base64url');
}

/** A token made of any header and payload, really signed with `key`. */
function mint(header: unknown, payload: unknown, key: KeyObject): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign(text, key)}`;
}

interface Material {
  readonly good: string;
  readonly header: Json;
  readonly claims: Json;
  readonly key: KeyObject;
  readonly publicPem: string;
  readonly nowSeconds: number;
  readonly kid: string;
}

/** Each makes one token out of a good one and, for the worst, out of our own private key. */
const forgeries: Readonly<Record<string, (m: Material) => string>> = {
  'an empty string': () => '',
  'one word': () => 'token',
  'two parts': (m) => m.good.split('.').slice(0, 2).join('.'),
  'four parts': (m) => `${m.good}.`,
  'no signature': (m) => `${m.good.split('.').slice(0, 2).join('.')}.`,
  'an encrypted token': (m) => `${m.good}.${encode('a')}.${encode('b')}`,
  'dots only': () => '..',
  padding: (m) => `${m.good}=`,
  'padding inside': (m) => m.good.replace('.', '=.'),
  'a quoted token': (m) => `"${m.good}"`,
  'another last digit of the signature': (m) => m.good.slice(0, -1) + (m.good.endsWith('A') ? 'B' : 'x'),
  'plain base64': (m) => m.good.replaceAll('-', '+').replaceAll('_', '/').replace(/.{1}$/, '+'),
  'a truncated signature': (m) => m.good.slice(0, -4),
  'a longer signature': (m) => `${m.good}AAAA`,
  'a zero signature': (m) => `${m.good.split('.').slice(0, 2).join('.')}.${Buffer.alloc(64).toString('base64url')}`,
  'a DER signature': (m) => {
    const text = m.good.split('.').slice(0, 2).join('.');
    return `${text}.${createSign('sha256').update(text).sign(m.key).toString('base64url')}`;
  },
  'the signature of another token': (m) => {
    const other = mint(m.header, { ...m.claims, jti: 'other' }, m.key).split('.')[2] ?? '';
    return `${m.good.split('.').slice(0, 2).join('.')}.${other}`;
  },
  'alg none': (m) => `${encode({ ...m.header, alg: 'none' })}.${encode(m.claims)}.`,
  'alg None with a signature': (m) => mint({ ...m.header, alg: 'None' }, m.claims, m.key),
  'no alg': (m) => mint({ typ: 'at+jwt', kid: m.kid }, m.claims, m.key),
  'alg as a list': (m) => mint({ ...m.header, alg: ['ES256'] }, m.claims, m.key),
  'alg in lower case': (m) => mint({ ...m.header, alg: 'es256' }, m.claims, m.key),
  'HS256 keyed with our public PEM': (m) => hmac(m, m.publicPem),
  'HS256 keyed with our public x': (m) => hmac(m, m.kid),
  'HS256 keyed with nothing': (m) => hmac(m, ''),
  'RS256 with a key of their own': (m) => {
    const text = `${encode({ ...m.header, alg: 'RS256' })}.${encode(m.claims)}`;
    return `${text}.${createSign('sha256').update(text).sign(rsa.privateKey).toString('base64url')}`;
  },
  'ES384 with a key of their own': (m) => mint({ ...m.header, alg: 'ES384' }, m.claims, p384.privateKey),
  'ES256 with a P-384 key': (m) => mint(m.header, m.claims, p384.privateKey),
  'EdDSA with a key of their own': (m) => {
    const text = `${encode({ ...m.header, alg: 'EdDSA' })}.${encode(m.claims)}`;
    return `${text}.${signWith(null, Buffer.from(text), ed.privateKey).toString('base64url')}`;
  },
  'ES256 with a key of their own': (m) => mint(m.header, m.claims, foreign.privateKey),
  'a key of their own in the header': (m) =>
    mint(
      { ...m.header, kid: undefined, jwk: foreign.publicKey.export({ format: 'jwk' }) },
      m.claims,
      foreign.privateKey,
    ),
  'a key of their own in the header, with our id': (m) =>
    mint({ ...m.header, jwk: foreign.publicKey.export({ format: 'jwk' }) }, m.claims, foreign.privateKey),
  'an address of their keys': (m) =>
    mint({ ...m.header, kid: 'theirs', jku: 'http://127.0.0.1:9/jwks.json' }, m.claims, foreign.privateKey),
  'an address of their keys, with our id': (m) =>
    mint({ ...m.header, jku: 'http://127.0.0.1:9/' }, m.claims, foreign.privateKey),
  'their certificate': (m) => mint({ ...m.header, x5c: ['MIIB'] }, m.claims, foreign.privateKey),
  'an address of their certificate': (m) =>
    mint({ ...m.header, x5u: 'http://127.0.0.1:9/' }, m.claims, foreign.privateKey),
  'no key id': (m) => mint({ alg: 'ES256', typ: 'at+jwt' }, m.claims, m.key),
  'an unknown key id': (m) => mint({ ...m.header, kid: 'x'.repeat(43) }, m.claims, m.key),
  'a key id that is a path': (m) => mint({ ...m.header, kid: '../../../dev/null' }, m.claims, m.key),
  'a key id that is SQL': (m) => mint({ ...m.header, kid: "' or true --" }, m.claims, m.key),
  'a key id with NUL': (m) => mint({ ...m.header, kid: `${m.kid}\0` }, m.claims, m.key),
  'a key id that is a number': (m) => mint({ ...m.header, kid: 0 }, m.claims, m.key),
  'a key id of every object': (m) => mint({ ...m.header, kid: '__proto__' }, m.claims, m.key),
  'a critical extension': (m) => mint({ ...m.header, crit: ['exp'], exp: 1 }, m.claims, m.key),
  'an empty list of critical extensions': (m) => mint({ ...m.header, crit: [] }, m.claims, m.key),
  'an unencoded payload': (m) => mint({ ...m.header, b64: false, crit: ['b64'] }, m.claims, m.key),
  'b64 without crit': (m) => mint({ ...m.header, b64: false }, m.claims, m.key),
  'a header that is a list': (m) => mint([m.header], m.claims, m.key),
  'a header that is no JSON': (m) => mint('{"alg":"ES256"', m.claims, m.key),
  'typ JWT': (m) => mint({ ...m.header, typ: 'JWT' }, m.claims, m.key),
  'no typ': (m) => mint({ alg: 'ES256', kid: m.kid }, m.claims, m.key),
  'typ of an id token': (m) => mint({ ...m.header, typ: 'id+jwt' }, m.claims, m.key),
  'typ of a DPoP proof': (m) => mint({ ...m.header, typ: 'dpop+jwt' }, m.claims, m.key),
  'typ of a client assertion': (m) => mint({ ...m.header, typ: 'client-authentication+jwt' }, m.claims, m.key),
  'typ of a logout token': (m) => mint({ ...m.header, typ: 'logout+jwt' }, m.claims, m.key),
  'a payload that is a list': (m) => mint(m.header, [m.claims], m.key),
  'a payload that is null': (m) => mint(m.header, null, m.key),
  'a payload that is no JSON': (m) => mint(m.header, 'claims', m.key),
  'another issuer': (m) => mint(m.header, { ...m.claims, iss: 'https://evil.example' }, m.key),
  'an issuer with a slash more': (m) => mint(m.header, { ...m.claims, iss: `${issuer}/` }, m.key),
  'issuers in a list': (m) => mint(m.header, { ...m.claims, iss: [issuer] }, m.key),
  'another audience': (m) => mint(m.header, { ...m.claims, aud: 'https://agent.example' }, m.key),
  'several audiences': (m) => mint(m.header, { ...m.claims, aud: [issuer, 'https://agent.example'] }, m.key),
  'one audience in a list': (m) => mint(m.header, { ...m.claims, aud: [issuer] }, m.key),
  'an audience in another case': (m) => mint(m.header, { ...m.claims, aud: issuer.toUpperCase() }, m.key),
  'an end that has passed': (m) => mint(m.header, { ...m.claims, exp: m.nowSeconds - 61 }, m.key),
  'an end as a string': (m) => mint(m.header, { ...m.claims, exp: String(m.nowSeconds + 60) }, m.key),
  'an end as a list': (m) => mint(m.header, { ...m.claims, exp: [m.nowSeconds + 60] }, m.key),
  'an end in milliseconds of an old token': (m) =>
    mint(m.header, { ...m.claims, iat: m.nowSeconds - 5_000, exp: Date.now() }, m.key),
  'an end beyond numbers': (m) => mint(m.header, JSON.stringify(m.claims).replace(/"exp":\d+/, '"exp":1e999'), m.key),
  'a life longer than ours': (m) => mint(m.header, { ...m.claims, exp: m.nowSeconds + 86_400 }, m.key),
  'a start in the future': (m) => mint(m.header, { ...m.claims, nbf: m.nowSeconds + 120 }, m.key),
  'an issue in the future': (m) => mint(m.header, { ...m.claims, iat: m.nowSeconds + 120 }, m.key),
  'an age above the life of our tokens': (m) =>
    mint(m.header, { ...m.claims, iat: m.nowSeconds - limits.accessTokenMs / 1000 - 61 }, m.key),
  'a subject that is not the client': (m) => mint(m.header, { ...m.claims, sub: `cli_${'0'.repeat(32)}` }, m.key),
  'a client that does not exist': (m) =>
    mint(m.header, { ...m.claims, sub: `cli_${'0'.repeat(32)}`, client_id: `cli_${'0'.repeat(32)}` }, m.key),
  'a client that is SQL': (m) => mint(m.header, { ...m.claims, sub: "' or true --", client_id: "' or true --" }, m.key),
  'a client in an object': (m) => mint(m.header, { ...m.claims, sub: {}, client_id: {} }, m.key),
  'another tenant': (m) => mint(m.header, { ...m.claims, tid: `tnt_${'0'.repeat(32)}` }, m.key),
  'a tenant that is no id': (m) => mint(m.header, { ...m.claims, tid: 'acme' }, m.key),
  'the rights of an operator': (m) => mint(m.header, { ...m.claims, pk: 'operator' }, m.key),
  'an unknown kind of principal': (m) => mint(m.header, { ...m.claims, pk: 'root' }, m.key),
  'scopes in a list': (m) => mint(m.header, { ...m.claims, scope: ['a2a:read'] }, m.key),
  'an empty id': (m) => mint(m.header, { ...m.claims, jti: '' }, m.key),
  'a huge id': (m) => mint(m.header, { ...m.claims, jti: 'x'.repeat(limits.tokenBytesMax) }, m.key),
  'a forward token of ours': (m) => {
    const signer = forwardTokenSigner(issuer, { current: keyOf(m) });
    const nowMs = m.nowSeconds * 1000;
    const claims = {
      audience: issuer,
      subject: String(m.claims['sub']),
      tenantSlug: 'acme',
      taskIds: ['tsk_1'],
      nowMs,
    } as const;
    return atOnce(signer(claims));
  },
};

const keyOf = (m: Material) => ({ ...localPrivateHalf(m.key), kid: m.kid });

function hmac(m: Material, secret: string): string {
  const text = `${encode({ ...m.header, alg: 'HS256' })}.${encode(m.claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const required = ['iss', 'aud', 'sub', 'client_id', 'exp', 'nbf', 'iat', 'jti', 'scope', 'tid', 'pk'];

describe('an access token', () => {
  let database: TestDatabase;
  let platform: AccessProcess;
  let material: Material;

  before(async () => {
    database = await createTestDatabase();
    platform = await startAccessProcess(database);
    const tenantId = await platform.createTenant('acme');
    const by = callerWith({ id: tenantId, slug: 'acme' }, ['a2a:read'], 'oauth-client');
    const client = await platform.createClient(by, { tenantId, name: 'worker', scopes: ['a2a:read'] });
    const good = await platform.token(client);
    const { kid, publicKey } = platform.ring.current;
    const privateKey = await platform.ownPrivateKey();
    material = {
      good,
      header: { alg: 'ES256', typ: 'at+jwt', kid },
      claims: decodeJwt(good),
      key: privateKey,
      publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      nowSeconds: Math.floor(platform.clock.nowMs() / 1000),
      kid,
    };
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** The answer without the parts that differ from request to request. */
  const answerTo = async (token: string): Promise<string> => {
    const answer = await platform.whoAmI(`Bearer ${token}`);
    const body = await answer.text();
    return `${answer.status} ${answer.headers.get('www-authenticate') ?? ''} ${body.replaceAll(/req_[0-9a-f]{32}/g, 'req')}`;
  };

  it('opens when it is good, also when minted by hand with our key: the table below breaks one thing at a time', async () => {
    assert.match(await answerTo(material.good), /^200 /);
    assert.match(await answerTo(mint(material.header, material.claims, material.key)), /^200 /);
    assert.match(
      await answerTo(mint(material.header, { ...material.claims, exp: material.nowSeconds - 59 }, material.key)),
      /^200 /,
    );
  });

  for (const [what, forge] of Object.entries(forgeries)) {
    it(`with ${what} is refused like every other`, async () => {
      const expected = await answerTo('x.y.z');
      assert.match(expected, /^401 Bearer .*access\.unauthenticated/);
      assert.equal(await answerTo(forge(material)), expected);
    });
  }

  for (const claim of required) {
    it(`without ${claim} is refused like every other`, async () => {
      const { [claim]: _left, ...claims } = material.claims;
      assert.equal(await answerTo(mint(material.header, claims, material.key)), await answerTo('x.y.z'));
    });
  }

  it('is not replaced by another way to authenticate, and nothing was changed by all of the above', async () => {
    const expected = await answerTo('x.y.z');
    for (const [name, value] of [
      ['x-forwarded-user', 'admin'],
      ['x-tenant-id', 'acme'],
      ['cookie', `token=${material.good}`],
    ] as const) {
      const answer = await fetch(`${platform.http.url}/whoami?access_token=${material.good}`, {
        headers: { [name]: value },
      });
      const body = (await answer.text()).replaceAll(/req_[0-9a-f]{32}/g, 'req');
      assert.equal(`${answer.status} ${answer.headers.get('www-authenticate') ?? ''} ${body}`, expected, name);
    }
    const underscored = { headers: { x_authorization: `Bearer ${material.good}` } };
    assert.equal((await fetch(`${platform.http.url}/whoami`, underscored)).status, 400);
    const keys = await rowsOf<{ kid: string }>(database, 'select kid from colloquy.signing_keys');
    assert.deepEqual(
      keys.map(({ kid }) => kid),
      [material.kid],
    );
    assert.equal(platform.http.logText().includes(material.good.split('.')[2] ?? ''), false);
    assert.match(await answerTo(material.good), /^200 /, 'and the good one still opens');
  });

  it('signed with a key that an intruder put into the database is refused', async () => {
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    await rowsOf(
      database,
      `insert into colloquy.signing_keys (kid, algorithm, public_jwk, private_jwk_sealed, created_at)
       values ('planted', 'ES256', '${JSON.stringify(jwk)}', '\\x01', now() - interval '1 day') returning kid`,
    );
    await platform.clock.advance(limits.signingKeysReadMs);
    const answer = await platform.whoAmI(
      `Bearer ${mint({ ...material.header, kid: 'planted' }, material.claims, foreign.privateKey)}`,
    );
    assert.equal(answer.status, 503, 'such a set of keys can not be judged with');
    assert.equal((await platform.whoAmI(`Bearer ${material.good}`)).status, 200, 'the good one still opens');
    await rowsOf(database, "delete from colloquy.signing_keys where kid = 'planted' returning kid");
  });

  it('is judged by all of these: the table is as long as it should be', () => {
    assert.ok(Object.keys(forgeries).length + required.length >= 60);
  });
});
