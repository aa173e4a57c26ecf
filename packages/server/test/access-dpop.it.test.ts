/** Guarantee: a token that is bound to a key serves its holder alone, and each proof of that key serves one request (T11). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase, FakeClock, withAnotherEnd } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { decodeJwt } from 'jose';
import { limits } from '../src/kernel/limits.ts';
import type { CreatedOAuthClient } from '../src/modules/access/index.ts';
import { callerWith, issuer, rowsOf, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';
import { createProofMaker } from './proof-maker.ts';
import type { ProofMaker, ProofInput } from './proof-maker.ts';

const tokenUrl = `${issuer}/oauth/token`;
const whoUrl = `${issuer}/whoami`;

describe('a token bound to a key', () => {
  let database: TestDatabase;
  let one: AccessProcess;
  let two: AccessProcess;
  let client: CreatedOAuthClient;
  let key: ProofMaker;
  let thief: ProofMaker;
  let token: string;
  let nonce: string;
  const clock = new FakeClock();
  const nowMs = (): number => clock.nowMs();

  before(async () => {
    database = await createTestDatabase();
    [one, two] = [await startAccessProcess(database, { clock }), await startAccessProcess(database, { clock })];
    const tenantId = await one.createTenant('acme');
    const by = callerWith({ id: tenantId, slug: 'acme' }, ['a2a:read'], 'oauth-client');
    client = await one.createClient(by, { tenantId, name: 'bound', scopes: ['a2a:read'], tokenBinding: 'dpop' });
    [key, thief] = [await createProofMaker(nowMs), await createProofMaker(nowMs)];
    token = await boundToken(one, key);
    nonce = await freshNonce(one);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const askToken = (at: AccessProcess, proof: string | undefined): Promise<Response> => {
    const basic = Buffer.from(`${client.client.clientId}:${client.clientSecret}`).toString('base64');
    return fetch(`${at.http.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, ...(proof === undefined ? {} : { dpop: proof }) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
  };

  async function tokenNonce(at: AccessProcess, maker: ProofMaker): Promise<string> {
    const answer = await askToken(at, await maker.prove({ method: 'POST', url: tokenUrl }));
    assert.equal(((await answer.json()) as { error: string }).error, 'use_dpop_nonce');
    return answer.headers.get('dpop-nonce') ?? '';
  }

  async function boundToken(at: AccessProcess, maker: ProofMaker): Promise<string> {
    const proof = await maker.prove({ method: 'POST', url: tokenUrl, nonce: await tokenNonce(at, maker) });
    const answer = (await (await askToken(at, proof)).json()) as { access_token: string; token_type: string };
    assert.equal(answer.token_type, 'DPoP', JSON.stringify(answer));
    return answer.access_token;
  }

  const ask = (at: AccessProcess, proof: string | undefined, scheme = 'DPoP', path = '/whoami'): Promise<Response> =>
    fetch(at.http.url + path, {
      headers: { authorization: `${scheme} ${token}`, ...(proof === undefined ? {} : { dpop: proof }) },
    });

  async function freshNonce(at: AccessProcess): Promise<string> {
    const answer = await ask(at, await key.prove({ url: whoUrl, token }));
    assert.equal(await codeOf(answer), 'access.proof-nonce-needed');
    assert.match(answer.headers.get('www-authenticate') ?? '', /^DPoP error="use_dpop_nonce"/);
    return answer.headers.get('dpop-nonce') ?? '';
  }

  async function codeOf(answer: Response): Promise<string> {
    const body = (await answer.json()) as { code?: string };
    assert.equal(answer.status, body.code === undefined ? 200 : 401, JSON.stringify(body));
    return body.code ?? 'accepted';
  }

  const right = (input: Partial<ProofInput> = {}): Promise<string> =>
    key.prove({ url: whoUrl, token, nonce, ...input });

  it('serves a client that proves possession of the key, with one nonce at every process', async () => {
    assert.deepEqual(decodeJwt(token)['cnf'], { jkt: key.jkt });
    for (const at of [one, two]) {
      const answer = await ask(at, await right());
      assert.equal(answer.headers.get('dpop-nonce'), null, 'the nonce is the current one');
      assert.equal(await codeOf(answer), 'accepted');
    }
    assert.equal(
      await codeOf(await ask(one, await right(), 'DPoP', '/whoami?a=b')),
      'accepted',
      'a query is not named',
    );
    assert.equal(await codeOf(await ask(one, await right(), 'dpop')), 'accepted');
  });

  it('can be had for an Ed25519 key', async () => {
    const ed25519 = await createProofMaker(nowMs, 'EdDSA');
    const bound = await boundToken(two, ed25519);
    const proof = await ed25519.prove({ url: whoUrl, token: bound, nonce });
    const answer = await fetch(`${one.http.url}/whoami`, { headers: { authorization: `DPoP ${bound}`, dpop: proof } });
    assert.equal(answer.status, 200);
  });

  it('serves no client as a bearer token, with a proof or without', async () => {
    assert.equal(await codeOf(await ask(one, undefined, 'Bearer')), 'access.unauthenticated');
    assert.equal(await codeOf(await ask(one, await right(), 'Bearer')), 'access.unauthenticated');
    assert.equal(await codeOf(await ask(one, undefined)), 'access.proof-invalid');
  });

  it('serves no client with the proof of another key', async () => {
    assert.equal(
      await codeOf(await ask(one, await thief.prove({ url: whoUrl, token, nonce }))),
      'access.proof-invalid',
    );
  });

  it('takes each proof once, at whichever process', async () => {
    const proof = await right();
    assert.equal(await codeOf(await ask(one, proof)), 'accepted');
    assert.equal(await codeOf(await ask(one, proof)), 'access.proof-invalid');
    assert.equal(await codeOf(await ask(two, proof)), 'access.proof-invalid');
    const raced = await right();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i % 2 === 0 ? one : two, raced)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    const sameId = { jti: 'chosen twice' };
    assert.equal(await codeOf(await ask(one, await right({ claims: sameId }))), 'accepted');
    assert.equal(await codeOf(await ask(two, await right({ claims: sameId }))), 'access.proof-invalid');
  });

  const seconds = (ms: number): number => Math.floor((nowMs() + ms) / 1000);
  const wrong: Readonly<Record<string, () => Partial<ProofInput>>> = {
    'another method': () => ({ method: 'POST' }),
    'a method in small letters': () => ({ method: 'get' }),
    'no method': () => ({ claims: { htm: undefined } }),
    'another path': () => ({ url: `${issuer}/whoami/else` }),
    'another host': () => ({ url: 'https://elsewhere.example/whoami' }),
    'another scheme': () => ({ url: whoUrl.replace('https', 'http') }),
    'an address with a query': () => ({ url: `${whoUrl}?a=b` }),
    'no address': () => ({ claims: { htu: undefined } }),
    'a list of addresses': () => ({ claims: { htu: [whoUrl] } }),
    'another token': () => ({ token: 'another' }),
    'no token': () => ({ claims: { ath: undefined } }),
    'a time in the past': () => ({ claims: { iat: seconds(-limits.proofMs - 5_000) } }),
    'a time in the future': () => ({ claims: { iat: seconds(limits.proofMs + 5_000) } }),
    'a time that is a text': () => ({ claims: { iat: String(seconds(0)) } }),
    'no time': () => ({ claims: { iat: undefined } }),
    'no id': () => ({ claims: { jti: undefined } }),
    'an empty id': () => ({ claims: { jti: '' } }),
    'an id that is a number': () => ({ claims: { jti: 7 } }),
    'a long id': () => ({ claims: { jti: 'x'.repeat(limits.proofIdCharsMax + 1) } }),
    'a nonce that is a number': () => ({ claims: { nonce: 7 } }),
    'the type of an access token': () => ({ header: { typ: 'at+jwt' } }),
    'no type': () => ({ header: { typ: undefined } }),
    'no key': () => ({ header: { jwk: undefined } }),
    'the key of another': () => ({ header: { jwk: thief.publicJwk } }),
    'a private member in its key': () => ({ header: { jwk: { ...key.publicJwk, d: key.publicJwk.x } } }),
    'an address to fetch its key from': () => ({ header: { jku: 'https://elsewhere.example/jwks' } }),
    'something critical': () => ({ header: { crit: ['exp'], exp: 1 } }),
    'more than a proof needs': () => ({ claims: { more: 'x'.repeat(limits.proofBytesMax) } }),
  };
  for (const [what, input] of Object.entries(wrong)) {
    it(`does not pass with a proof that has ${what}`, async () => {
      const before = await spent();
      const proof = await right(input());
      assert.equal(await codeOf(await ask(one, proof)), 'access.proof-invalid');
      assert.equal(await spent(), before, 'nothing was spent');
    });
  }

  it('does not pass with a header field that is no proof', async () => {
    const good = await right();
    const [head = '', body = '', signature = ''] = good.split('.');
    const unsigned = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: key.publicJwk }));
    const forged = [
      'x',
      '',
      `${head}.${body}.`,
      `${head}.${body}`,
      `${unsigned.toString('base64url')}.${body}.`,
      withAnotherEnd(good),
      `${head}.${Buffer.from('[]').toString('base64url')}.${signature}`,
      `${good}, ${good}`,
      token,
    ];
    for (const proof of forged) assert.equal(await codeOf(await ask(one, proof)), 'access.proof-invalid', proof);
    assert.equal(await codeOf(await ask(one, good)), 'accepted', 'none of them spent the good one');
  });

  it('needs a nonce of ours, which ends, and is given the next one before that', async () => {
    assert.equal(await codeOf(await ask(one, await right({ nonce: 'made-up' }))), 'access.proof-nonce-needed');
    await clock.advance(limits.proofNonceStepMs);
    const late = await ask(two, await right());
    const next = late.headers.get('dpop-nonce') ?? '';
    assert.equal(await codeOf(late), 'accepted');
    assert.ok(next !== '' && next !== nonce);
    assert.equal(await codeOf(await ask(one, await right({ nonce: next }))), 'accepted');
    await clock.advance(limits.proofNonceMs + limits.proofNonceStepMs);
    const renewed = await boundToken(two, key);
    const proof = await key.prove({ url: whoUrl, token: renewed, nonce });
    const refused = await fetch(`${one.http.url}/whoami`, {
      headers: { authorization: `DPoP ${renewed}`, dpop: proof },
    });
    assert.equal(await codeOf(refused), 'access.proof-nonce-needed');
  });

  it('is all that a client gets which must have it', async () => {
    const plain = await askToken(one, undefined);
    assert.deepEqual([plain.status, ((await plain.json()) as { error: string }).error], [400, 'invalid_grant']);
    const replayed = await key.prove({ method: 'POST', url: tokenUrl, nonce: await tokenNonce(one, key) });
    assert.equal((await askToken(one, replayed)).status, 200);
    for (const at of [one, two]) assert.equal((await askToken(at, replayed)).status, 400);
    const elsewhere = await key.prove({ method: 'POST', url: `${one.http.url}/oauth/token`, nonce: 'x' });
    const refused = (await (await askToken(one, elsewhere)).json()) as { error: string };
    assert.equal(refused.error, 'invalid_dpop_proof', 'the public address counts, not that of a process');
    const old = { iat: seconds(-limits.proofMs - 5_000) };
    const stale = await key.prove({ method: 'POST', url: tokenUrl, nonce: await tokenNonce(one, key), claims: old });
    assert.equal(((await (await askToken(one, stale)).json()) as { error: string }).error, 'invalid_dpop_proof');
  });

  const spent = async (): Promise<number> =>
    (await rowsOf<{ count: string }>(database, 'select count(*) from colloquy.spent_proofs')).map((row) =>
      Number(row.count),
    )[0] ?? -1;
});
