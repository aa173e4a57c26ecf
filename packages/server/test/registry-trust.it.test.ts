/**
 * Guarantee: a card is marked as verified exactly when a key that its tenant trusts signed it; a wrong signature registers nothing; keys of one
 * tenant mean nothing to another, and a revoked key means nothing to anybody.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { base64url, exportJWK, FlattenedSign, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';
import type { JsonObject } from '@colloquy/protocol';
import { signCardDocument, signingTexts } from '@colloquy/protocol/signing';
import { limits } from '../src/kernel/limits.ts';
import { card as plainCard, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminAnswer, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

const card = plainCard as unknown as JsonObject;

interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JsonObject;
}

async function newSigner(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, jwk: { ...((await exportJWK(publicKey)) as JsonObject), kid } };
}

async function signed({ kid, privateKey }: Signer, document: JsonObject = card): Promise<JsonObject> {
  const signatures = await signCardDocument(document, { kid, algorithm: 'ES256', privateKey });
  return { ...document, signatures: signatures.map((signature) => ({ ...signature })) };
}

describe('trust in cards', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let walker: AdminWalker;
  let good: Signer;
  let outsider: Signer;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
    [good, outsider] = [await newSigner('acme/2026#1'), await newSigner('elsewhere')];
    await walker.use('addCardKey', {}, { name: 'Agents of Acme', jwk: good.jwk });
  });
  after(() => setting[Symbol.asyncDispose]());

  async function register(name: string, document: JsonObject, more: object = {}, actor = tenant): Promise<AdminAnswer> {
    const json = { name, card: document, ...more };
    return setting.call('POST', `/tenants/${actor.slug}/agents`, { token: await actor.token(), json });
  }

  const audited = async (name: string): Promise<unknown[]> =>
    itemsOf(await walker.use('listAuditEntries', { query: `?resource=agents/${name}` })).map(
      ({ action, outcome, facts }) => [action, outcome, facts],
    );

  it('marks each card for what it is', async () => {
    const cases: readonly (readonly [string, JsonObject, object])[] = [
      ['unsigned', card, { state: 'unsigned' }],
      ['verified', await signed(good), { state: 'verified', kid: good.kid, keyRevoked: false }],
      ['untrusted', await signed(outsider), { state: 'untrusted-key' }],
    ];
    for (const [name, document, signature] of cases) {
      const answer = await register(name, document);
      assert.equal(answer.status, 201, answer.text);
      assert.deepEqual(answer.body['cardSignature'], signature, name);
      const [version] = itemsOf(await walker.use('listCardVersions', { agent: name }));
      assert.deepEqual([version?.['signature'], version?.['inUse']], [signature, true]);
    }
  });

  it('believes one good signature among others, and a card with fields of the future', async () => {
    const { signatures: right } = await signed(good);
    const { signatures: other } = await signed(outsider);
    const both = { ...card, signatures: [...(other as JsonObject[]), ...(right as JsonObject[])] };
    assert.deepEqual((await register('both', both)).body['cardSignature'], {
      state: 'verified',
      kid: good.kid,
      keyRevoked: false,
    });
    const future = await signed(good, { ...card, futureField: { x: 1 } });
    assert.match((await register('future', future)).text, /"state":"verified"/);
  });

  it('takes any key id for what it is, also one that no store can hold', async () => {
    for (const [at, kid] of ['\u0000', 'a\ud800', ' ', 'ключ', 'x'.repeat(256)].entries()) {
      const answer = await register(`odd-${at}`, await signed({ ...outsider, kid }));
      assert.deepEqual(answer.body['cardSignature'], { state: 'untrusted-key' }, answer.text);
      const path = `/tenants/${tenant.slug}/trusted-card-keys/${encodeURIComponent(kid.toWellFormed())}`;
      const removed = await setting.call('DELETE', path, { token: await tenant.token() });
      // No address names anything with a NUL.
      assert.equal(removed.status, kid.includes('\u0000') ? 400 : 404);
    }
  });

  it('refuses a wrong signature with its reason, keeps nothing but the note, and takes no key from the card', async () => {
    const [text] = signingTexts(card);
    const payload = new TextEncoder().encode(text?.text);
    const crafted = async (header: object): Promise<JsonObject> => {
      const jws = await new FlattenedSign(payload)
        .setProtectedHeader({ alg: 'ES256', ...header })
        .sign(outsider.privateKey);
      return { ...card, signatures: [{ protected: jws.protected ?? '', signature: jws.signature }] };
    };
    const changed = { ...(await signed(good)), version: '6.6.6' };
    const none = { protected: base64url.encode(`{"alg":"none","kid":"${good.kid}"}`), signature: 'AA' };
    const secret = { protected: base64url.encode(`{"alg":"HS256","kid":"${good.kid}"}`), signature: 'AA' };
    const many = { ...card, signatures: Array.from({ length: 17 }, () => none) };
    const cases: readonly (readonly [JsonObject, string])[] = [
      [changed, 'signature-wrong'],
      [await crafted({ kid: good.kid, jwk: outsider.jwk }), 'signature-wrong'],
      [await crafted({ kid: good.kid, jku: 'http://127.0.0.1:1/jwks.json' }), 'signature-wrong'],
      [{ ...card, signatures: [none] }, 'algorithm-refused'],
      [{ ...card, signatures: [secret] }, 'algorithm-refused'],
      [await crafted({}), 'no-key-id'],
      [many, 'too-many'],
    ];
    for (const [document, reason] of cases) {
      const answer = await register('forged', document);
      assert.deepEqual([answer.status, answer.body['code']], [400, 'registry.card-signature-invalid'], answer.text);
      assert.equal((answer.body['details'] as Record<string, string>)['reason'], reason);
    }
    const missing = await setting.call('GET', `/tenants/${tenant.slug}/agents/forged`, { token: await tenant.token() });
    assert.equal(missing.status, 404);
    const entries = await audited('forged');
    assert.equal(entries.length, cases.length);
    assert.deepEqual(entries[0], ['agent.registered', 'refused', { code: 'registry.card-signature-invalid' }]);
  });

  it('lets in only verified cards where that is demanded, by the tenant or for one agent', async () => {
    const policy = { signatures: 'require', approval: 'signed' };
    const required = { cardSignatures: 'require' };
    for (const document of [card, await signed(outsider)]) {
      const answer = await register('strict', document, required);
      assert.deepEqual([answer.status, answer.body['code']], [400, 'registry.card-signature-required']);
    }
    assert.deepEqual(await walker.use('getCardPolicy', {}), { signatures: 'accept', approval: 'signed' });
    assert.deepEqual(await walker.use('setCardPolicy', {}, policy), policy);
    assert.deepEqual(await walker.use('getCardPolicy', {}), policy);
    assert.equal((await register('strict', card)).body['code'], 'registry.card-signature-required');
    assert.equal((await register('lenient', card, { cardSignatures: 'accept' })).status, 201);
    assert.equal((await register('strict', await signed(good))).status, 201);
    await walker.use('setCardPolicy', {}, { signatures: 'accept', approval: 'signed' });
  });

  it('is each tenant’s own: keys and policy of another mean nothing', async () => {
    const other = await setting.newTenant();
    const answer = await register('verified', await signed(good), {}, other);
    assert.deepEqual(answer.body['cardSignature'], { state: 'untrusted-key' });
    const theirs = new AdminWalker(setting, other);
    assert.deepEqual(itemsOf(await theirs.use('listCardKeys', {})), []);
    await theirs.use('addCardKey', {}, { name: 'same id', jwk: { ...outsider.jwk, kid: good.kid } });
    const ours = await register('still', await signed(good));
    assert.match(ours.text, /"state":"verified"/);
  });

  it('keeps the public half alone, once for an id, and as many as may be', async () => {
    const listed = itemsOf(await walker.use('listCardKeys', {}));
    assert.deepEqual(
      listed.map(({ kid, name, algorithms, publicJwk, addedBy }) => ({ kid, name, algorithms, publicJwk, addedBy })),
      [
        {
          kid: good.kid,
          name: 'Agents of Acme',
          algorithms: ['ES256'],
          publicJwk: { kty: 'EC', crv: 'P-256', x: good.jwk['x'], y: good.jwk['y'] },
          addedBy: tenant.clientId,
        },
      ],
    );
    const add = async (jwk: JsonObject, actor: Actor): Promise<AdminAnswer> =>
      setting.call('POST', `/tenants/${actor.slug}/trusted-card-keys`, {
        token: await actor.token(),
        json: { name: 'again', jwk },
      });
    const again = await add({ ...outsider.jwk, kid: good.kid }, tenant);
    assert.deepEqual([again.status, again.body['code']], [409, 'trust.card-key-exists']);
    const full = await setting.newTenant();
    const added = await Promise.all(
      Array.from({ length: limits.trustedCardKeysMax + 2 }, (_, at) => add({ ...good.jwk, kid: `k${at}` }, full)),
    );
    const refused = added.filter(({ status }) => status !== 201).map(({ body }) => body['code']);
    assert.deepEqual(refused, ['trust.card-key-limit', 'trust.card-key-limit']);
  });

  it('ends with a revocation: what was verified says so, nothing is verified any more, and the id is not used again', async () => {
    const brief = await newSigner('brief');
    await walker.use('addCardKey', {}, { name: 'brief', jwk: brief.jwk });
    await register('brief', await signed(brief));
    await walker.use('revokeCardKey', { kid: 'brief' });
    const shown = await walker.use('getAgent', { agent: 'brief' });
    assert.deepEqual(shown['cardSignature'], { state: 'verified', kid: 'brief', keyRevoked: true });
    assert.match((await register('late', await signed(brief))).text, /"state":"untrusted-key"/);
    const path = `/tenants/${tenant.slug}/trusted-card-keys`;
    const token = await tenant.token();
    const twice = await setting.call('DELETE', `${path}/brief`, { token });
    assert.deepEqual([twice.status, twice.body['code']], [404, 'trust.card-key-unknown']);
    const reused = await setting.call('POST', path, { token, json: { name: 'new', jwk: brief.jwk } });
    assert.equal(reused.status, 409);
    await walker.use('revokeCardKey', { kid: encodeURIComponent(good.kid) });
    const keys = itemsOf(await walker.use('listCardKeys', {}));
    assert.ok(keys.length === 2 && keys.every(({ revokedAt }) => typeof revokedAt === 'string'));
    const entries = itemsOf(await walker.use('listAuditEntries', { query: '?resource=card-keys/brief' }));
    assert.deepEqual(
      entries.map(({ action, outcome }) => `${String(action)} ${String(outcome)}`),
      ['card-key.added succeeded', 'card-key.revoked succeeded', 'card-key.added refused'],
    );
  });
});
