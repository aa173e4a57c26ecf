/** Guarantee: a client that signs its own assertions authenticates by them alone, by each of them once, and only at their audience (T12). */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createTestDatabase, FakeClock } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { CompactSign } from 'jose';
import type { TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { createKeyClient } from '../src/modules/access/index.ts';
import type { OAuthClient } from '../src/modules/access/index.ts';
import { callerWith, issuer, rowsOf, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';
import { clientMeansPorts } from './key-clients.ts';

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys = {
  ES256: ec(),
  EdDSA: generateKeyPairSync('ed25519'),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const strange = ec();

interface AssertionInput {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
  readonly form?: Readonly<Record<string, string>>;
}

describe('a client with a key', () => {
  let database: TestDatabase;
  let one: AccessProcess;
  let two: AccessProcess;
  let client: OAuthClient;
  let neighbour: OAuthClient;
  let tenantId: TenantId;
  let made = 0;

  function newClient(): Promise<OAuthClient> {
    const by = callerWith({ id: tenantId, slug: 'acme' }, ['a2a:read'], 'oauth-client');
    const jwks = { keys: Object.values(keys).map(({ publicKey }) => publicKey.export({ format: 'jwk' })) };
    const authentication = { method: 'private_key_jwt', jwks } as const;
    const client = { tenantId, name: `signer-${(made += 1)}`, scopes: ['a2a:read'], authentication };
    return createKeyClient(clientMeansPorts(one))(by, client);
  }

  before(async () => {
    database = await createTestDatabase();
    const clock = new FakeClock();
    [one, two] = [await startAccessProcess(database, { clock }), await startAccessProcess(database, { clock })];
    tenantId = await one.createTenant('acme');
    neighbour = await newClient();
  });
  // Failures are counted for each client.
  beforeEach(async () => {
    // The library that judges assertions as well knows only the machine's clock.
    await one.clock.advance(Math.max(0, Date.now() - one.clock.nowMs()));
    client = await newClient();
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const now = (): number => Math.floor(Date.now() / 1000);

  async function assertionOf({
    claims = {},
    header = {},
    key = keys.ES256.privateKey,
  }: AssertionInput): Promise<string> {
    const own = {
      iss: client.clientId,
      sub: client.clientId,
      aud: issuer,
      jti: randomUUID(),
      iat: now(),
      exp: now() + 60,
    };
    const payload = Buffer.from(JSON.stringify({ ...own, ...claims }));
    return new CompactSign(payload).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
  }

  const send = (at: AccessProcess, assertion: string, form: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${at.http.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        ...form,
      }),
    });

  for (const [alg, { privateKey }] of Object.entries({ ...keys, RS256: keys.PS256 })) {
    it(`gets a token for an assertion signed with ${alg}`, async () => {
      const answer = await send(one, await assertionOf({ header: { alg }, key: privateKey }));
      const { access_token: token = '' } = (await answer.json()) as { access_token?: string };
      assert.equal((await two.whoAmI(`Bearer ${token}`)).status, 200);
    });
  }

  it('gets one for each assertion, at whichever process', async () => {
    const assertion = await assertionOf({});
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => send(i % 2 === 0 ? one : two, assertion)));
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 401, 401, 401, 401, 401, 401, 401],
    );
    assert.equal((await send(two, assertion)).status, 401);
    const rows = await rowsOf<{ lives: boolean }>(
      database,
      `select expires_at > now() + interval '${String(limits.clientAssertionMs)} milliseconds' as lives from colloquy.spent_proofs`,
    );
    assert.ok(
      rows.every(({ lives }) => lives),
      'what was spent is remembered for longer than it lives',
    );
  });

  const wrong: Readonly<Record<string, () => AssertionInput>> = {
    'for the token endpoint': () => ({ claims: { aud: `${issuer}/oauth/token` } }),
    'for us in a list': () => ({ claims: { aud: [issuer] } }),
    'for us and another server': () => ({ claims: { aud: [issuer, 'https://elsewhere.example'] } }),
    'for another server': () => ({ claims: { aud: 'https://elsewhere.example' } }),
    'for us with a slash': () => ({ claims: { aud: `${issuer}/` } }),
    'without an audience': () => ({ claims: { aud: undefined } }),
    'that has ended': () => ({ claims: { iat: now() - 80, exp: now() - 20 } }),
    'that lives too long': () => ({ claims: { exp: now() + 61 } }),
    'that does not end': () => ({ claims: { exp: undefined } }),
    'of no time': () => ({ claims: { iat: undefined } }),
    'of the future': () => ({ claims: { iat: now() + 30, exp: now() + 60 } }),
    'that is not valid yet': () => ({ claims: { nbf: now() + 30 } }),
    'without an id': () => ({ claims: { jti: undefined } }),
    'with a long id': () => ({ claims: { jti: 'x'.repeat(limits.proofIdCharsMax + 1) } }),
    'of another issuer': () => ({ claims: { iss: neighbour.clientId } }),
    'of no issuer': () => ({ claims: { iss: undefined } }),
    'by a key that is not registered': () => ({ key: strange.privateKey }),
    'that brings its own key': () => ({
      key: strange.privateKey,
      header: { jwk: strange.publicKey.export({ format: 'jwk' }) },
    }),
    'with the type of an access token': () => ({ header: { typ: 'at+jwt' } }),
  };
  for (const [what, inputOf] of Object.entries(wrong)) {
    it(`gets none for an assertion ${what}`, async () => {
      const answer = await send(two, await assertionOf(inputOf()));
      assert.deepEqual(
        [answer.status, await answer.text()],
        [401, '{"error":"invalid_client","error_description":"client authentication failed"}'],
      );
      assert.equal((await send(two, await assertionOf({}))).status, 200, 'a right one still gets a token');
    });
  }

  it('gets none without a signature, for a digest under a public key, or with a secret', async () => {
    const [head = '', body = ''] = (await assertionOf({})).split('.');
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const assertion of [
      `${encoded({ alg: 'none' })}.${body}.`,
      `${head}.${body}.`,
      `${encoded({ alg: 'HS256' })}.${body}.${'A'.repeat(43)}`,
    ])
      assert.equal((await send(one, assertion)).status, 401);
    const basic = Buffer.from(`${client.clientId}:cls_guess`).toString('base64');
    const bySecret = await fetch(`${one.http.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.equal(bySecret.status, 401);
    const named = await fetch(`${one.http.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client.clientId }),
    });
    assert.equal(named.status, 401);
    assert.equal((await send(one, await assertionOf({}))).status, 200, 'and a good one still gets a token');
  });

  it('gets no token for another client: an assertion speaks only for its signer', async () => {
    const assertion = await assertionOf({ claims: { sub: neighbour.clientId } });
    assert.equal((await send(one, assertion)).status, 401);
    assert.equal((await send(one, await assertionOf({}), { client_id: neighbour.clientId })).status, 400);
  });

  it('is made with public keys only, of the kinds that are judged', async () => {
    const by = callerWith({ id: tenantId, slug: 'acme' }, ['a2a:read'], 'oauth-client');
    const good = ec().publicKey.export({ format: 'jwk' });
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const sets: readonly (readonly unknown[])[] = [
      [],
      [ec().privateKey.export({ format: 'jwk' })],
      [small],
      [generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })],
      [generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })],
      [{ kty: 'oct', k: 'c2VjcmV0' }],
      [{ ...good, alg: 'RS256' }],
      [{ ...good, x: 'AA' }],
      [good, good],
      [good, null],
      Array.from({ length: limits.clientKeysMax + 1 }, () => ec().publicKey.export({ format: 'jwk' })),
    ];
    for (const listed of sets) {
      const authentication = { method: 'private_key_jwt', jwks: { keys: listed } } as const;
      const client = { tenantId, name: 'refused', scopes: ['a2a:read'], authentication };
      await assert.rejects(createKeyClient(clientMeansPorts(one))(by, client), { code: 'request.invalid' });
    }
    const rows = await rowsOf(database, `select from colloquy.oauth_clients where name = 'refused'`);
    assert.equal(rows.length, 0);
  });
});
