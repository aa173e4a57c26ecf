/** Guarantee: a signed card is believed exactly when a trusted key signed what it says, and both sides of the official SDK agree. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentCard } from '@a2a-js/sdk';
import { generateAgentCardSignature, verifyAgentCardSignature } from '@a2a-js/sdk';
import { base64url, exportJWK, FlattenedSign, generateKeyPair, generateSecret } from 'jose';
import type { CryptoKey } from 'jose';
import type { JsonObject } from '../model/index.ts';
import { cardSignaturesMax, signatureKeyIds, signCardDocument, signingTexts, verifyCardDocument } from './index.ts';
import type { CardSignatureAlgorithm, TrustedCardKey } from './index.ts';

const card: JsonObject = {
  name: 'Übersetzer \u{1f600}',
  description: 'Translates',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://agent.example/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false, extensions: [{ uri: 'urn:x', params: { depth: 1e21, ratio: 0.1 } }] },
  securitySchemes: { key: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } } },
  securityRequirements: [{ schemes: { key: { list: ['a'] } } }],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'translate', name: 'Translate', description: 'Any text', tags: ['language'] }],
};
/** A card whose required fields are empty: the two forms differ. */
const hollow: JsonObject = { ...card, description: '', skills: [], capabilities: { extensions: [] } };

interface Pair {
  readonly privateKey: CryptoKey;
  readonly trusted: TrustedCardKey & { readonly publicKey: CryptoKey };
}

async function newKey(kid: string, algorithm: CardSignatureAlgorithm = 'ES256'): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, trusted: { kid, algorithms: [algorithm], publicKey } };
}

const good = await newKey('key-1');
const other = await newKey('key-2');
const sign = async (document: JsonObject, { privateKey, trusted }: Pair): Promise<JsonObject> => ({
  ...document,
  signatures: (
    await signCardDocument(document, { kid: trusted.kid, algorithm: trusted.algorithms[0] ?? 'ES256', privateKey })
  ).map((signature) => ({ ...signature })),
});
const withSignature = (signature: JsonObject, document = card): JsonObject => ({
  ...document,
  signatures: [signature],
});
/** The wire document where the SDK takes a card: its own in-memory form loses the security schemes on the way to the signed text. */
const asSdkCard = (document: JsonObject): AgentCard => structuredClone(document) as unknown as AgentCard;
const signedBy = async (header: JsonObject, key: CryptoKey | Uint8Array, text?: string): Promise<JsonObject> => {
  const [first] = signingTexts(card);
  const payload = new TextEncoder().encode(text ?? first?.text);
  const jws = await new FlattenedSign(payload).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
  return { protected: jws.protected ?? '', signature: jws.signature };
};

describe('the signed form of a card', () => {
  it('keeps required and tracked fields and drops other defaults, as the example of the specification', () => {
    const fragment = {
      name: 'Example Agent',
      description: '',
      capabilities: { streaming: false, pushNotifications: false, extensions: [] },
      skills: [],
      signatures: [{ protected: 'x', signature: 'y' }],
    };
    const [{ text } = { text: '' }] = signingTexts(fragment);
    assert.match(text, /^\{"capabilities":\{"pushNotifications":false,"streaming":false\},/);
    assert.match(text, /"description":"","name":"Example Agent","skills":\[\]/);
    assert.doesNotMatch(text, /signatures|extensions/);
  });

  it('recurses into messages, keeps a chosen empty branch, and never looks into a struct', () => {
    const document: JsonObject = {
      ...card,
      provider: { url: '', organization: 'Acme' },
      capabilities: {
        extensions: [{ uri: 'urn:x', description: '', required: false, params: { a: '', b: [], c: null } }],
      },
      securitySchemes: { tls: { mtlsSecurityScheme: { description: '' } } },
      securityRequirements: [{ schemes: { tls: { list: [] } } }],
      supportedInterfaces: [{ url: 'u', protocolBinding: 'JSONRPC', protocolVersion: '1.0', tenant: '' }],
    };
    const { text } = signingTexts(document)[0] ?? { text: '' };
    for (const part of [
      '"capabilities":{"extensions":[{"params":{"a":"","b":[],"c":null},"uri":"urn:x"}]}',
      '"provider":{"organization":"Acme","url":""}',
      '"securitySchemes":{"tls":{"mtlsSecurityScheme":{}}}',
      '"securityRequirements":[{"schemes":{"tls":{}}}]',
      '"supportedInterfaces":[{"protocolBinding":"JSONRPC","protocolVersion":"1.0","url":"u"}]',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
  });
});

describe('our signature', () => {
  it('is detached, names its key, and is believed in every asymmetric algorithm', async () => {
    for (const algorithm of ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] as const) {
      const pair = await newKey('k', algorithm);
      const signed = await sign(card, pair);
      assert.deepEqual(signatureKeyIds(signed), ['k']);
      assert.deepEqual(await verifyCardDocument(signed, [other.trusted, pair.trusted]), {
        state: 'verified',
        kid: 'k',
        form: 'specification',
      });
    }
  });

  it('is verified by the official SDK, for full cards and for cards with empty required fields', async () => {
    for (const document of [card, hollow]) {
      const signed = await sign(document, good);
      const asked: string[] = [];
      const verify = verifyAgentCardSignature(async (kid) => {
        asked.push(kid);
        return good.trusted.publicKey;
      });
      await verify(asSdkCard(signed));
      assert.ok(asked.every((kid) => kid === 'key-1'));
      const changed = asSdkCard({ ...signed, name: 'Another agent' });
      await assert.rejects(verify(changed));
    }
  });
});

describe('a foreign signature', () => {
  it('of the official SDK is verified, for full cards and for cards with empty required fields', async () => {
    const generate = generateAgentCardSignature(good.privateKey, { alg: 'ES256', kid: 'key-1', typ: 'JOSE' });
    for (const document of [card, hollow, { ...card, futureField: 'not in 1.0' }]) {
      const { signatures } = await generate(asSdkCard(document));
      const signed = { ...document, signatures: JSON.parse(JSON.stringify(signatures)) as readonly JsonObject[] };
      assert.equal((await verifyCardDocument(signed, [good.trusted])).state, 'verified');
      const changed = { ...signed, version: '6.6.6' };
      assert.deepEqual(await verifyCardDocument(changed, [good.trusted]), {
        state: 'invalid',
        reason: 'signature-wrong',
        kid: 'key-1',
      });
    }
  });

  it('survives other member order and spelling of numbers', async () => {
    const signed = await sign(card, good);
    const text = JSON.stringify(Object.fromEntries(Object.entries(signed).reverse())).replace(
      '1e+21',
      '1000000000000000000000.0',
    );
    assert.equal((await verifyCardDocument(JSON.parse(text) as JsonObject, [good.trusted])).state, 'verified');
  });

  it('covers every field that is read: the address of an earlier version, and names in snake_case', async () => {
    const { supportedInterfaces: _ofOne, ...rest } = card;
    const earlier: JsonObject = { ...rest, protocolVersion: '0.3.0', url: 'https://agent.example/a2a' };
    const skill = { id: 'translate', name: 'Translate', description: 'Any text', tags: ['language'] };
    const changed: readonly (readonly [signed: JsonObject, change: JsonObject])[] = [
      [earlier, { url: 'https://elsewhere.example/a2a' }],
      [{ ...earlier, description: '' }, { url: 'https://elsewhere.example/a2a' }],
      [earlier, { additionalInterfaces: [{ url: 'https://elsewhere.example/a2a', transport: 'JSONRPC' }] }],
      [hollow, { documentation_url: 'https://elsewhere.example/' }],
      [{ ...hollow, skills: [skill] }, { skills: [{ ...skill, input_modes: ['text/html'] }] }],
      [hollow, { capabilities: { push_notifications: true } }],
    ];
    for (const [document, change] of changed) {
      const { signatures, ...signed } = await sign(document, good);
      assert.ok(Array.isArray(signatures));
      for (const signature of signatures) {
        const right = await verifyCardDocument({ ...signed, signatures: [signature] }, [good.trusted]);
        assert.equal(right.state, 'verified');
        const moved = await verifyCardDocument({ ...signed, ...change, signatures: [signature] }, [good.trusted]);
        assert.equal(moved.state, 'invalid', JSON.stringify(change));
      }
    }
  });

  it('by an untrusted key is distinguished from a wrong one', async () => {
    const signed = await sign(card, other);
    assert.deepEqual(await verifyCardDocument(signed, [good.trusted]), { state: 'untrusted-key', kids: ['key-2'] });
    assert.deepEqual(await verifyCardDocument(card, [good.trusted]), { state: 'unsigned' });
    assert.deepEqual(await verifyCardDocument({ ...card, signatures: [] }, [good.trusted]), { state: 'unsigned' });
    const forged = await sign(card, { ...other, trusted: good.trusted });
    assert.equal((await verifyCardDocument(forged, [good.trusted])).state, 'invalid');
  });

  it('is enough when one of several is right, wherever it stands', async () => {
    const [right] = (await sign(card, good))['signatures'] as readonly JsonObject[];
    const wrong = { ...right, signature: base64url.encode(new Uint8Array(64)) };
    for (const signatures of [
      [wrong, right ?? {}],
      [right ?? {}, wrong],
      [{ protected: '!' }, right ?? {}],
    ]) {
      assert.equal((await verifyCardDocument({ ...card, signatures }, [good.trusted])).state, 'verified');
    }
    const none = await verifyCardDocument({ ...card, signatures: [wrong, wrong] }, [good.trusted]);
    assert.equal(none.state, 'invalid');
  });

  it('never brings its own key, algorithm or extension', async () => {
    const secret = await generateSecret('HS256', { extractable: true });
    const publicBytes = new TextEncoder().encode(JSON.stringify(await exportJWK(good.trusted.publicKey)));
    const jwk = { ...(await exportJWK(other.trusted.publicKey)) } as unknown as JsonObject;
    const none = { protected: base64url.encode('{"alg":"none","kid":"key-1"}'), signature: 'AA' };
    const cases: readonly (readonly [string, JsonObject, string])[] = [
      ['alg none', withSignature(none), 'algorithm-refused'],
      ['a secret', withSignature(await signedBy({ alg: 'HS256', kid: 'key-1' }, secret)), 'algorithm-refused'],
      [
        'the public key as a secret',
        withSignature(await signedBy({ alg: 'HS256', kid: 'key-1' }, publicBytes)),
        'algorithm-refused',
      ],
      ['an embedded key', withSignature(await signedBy({ kid: 'key-1', jwk }, other.privateKey)), 'signature-wrong'],
      [
        'a jku',
        withSignature(await signedBy({ kid: 'key-1', jku: 'https://evil.example/jwks' }, other.privateKey)),
        'signature-wrong',
      ],
      ['no key id', withSignature(await signedBy({}, good.privateKey)), 'no-key-id'],
      [
        'another card',
        withSignature(await signedBy({ kid: 'key-1' }, good.privateKey, '{"name":"other"}')),
        'signature-wrong',
      ],
      ['padding', withSignature({ protected: 'e30=', signature: 'AA' }), 'malformed'],
      ['no object', { ...card, signatures: ['x'] }, 'malformed'],
      ['no list', { ...card, signatures: 'x' }, 'malformed'],
    ];
    for (const [name, document, reason] of cases) {
      const verdict = await verifyCardDocument(document, [good.trusted]);
      assert.equal(verdict.state === 'invalid' ? verdict.reason : verdict.state, reason, name);
    }
  });

  it('with an unknown critical header or a key id outside the protected header is refused', async () => {
    const { protected: text = '', signature = '' } = await signedBy({ kid: 'key-1' }, good.privateKey);
    const header = {
      ...(JSON.parse(new TextDecoder().decode(base64url.decode(typeof text === 'string' ? text : ''))) as JsonObject),
      crit: ['x'],
      x: 1,
    };
    const critical = withSignature({ protected: base64url.encode(JSON.stringify(header)), signature });
    assert.equal((await verifyCardDocument(critical, [good.trusted])).state, 'invalid');
    const outside = { ...(await signedBy({}, good.privateKey)), header: { kid: 'key-1' } };
    assert.equal((await verifyCardDocument(withSignature(outside), [good.trusted])).state, 'invalid');
  });

  it('comes in a bounded number', async () => {
    const [right] = (await sign(card, good))['signatures'] as readonly JsonObject[];
    const many = { ...card, signatures: Array.from({ length: cardSignaturesMax + 1 }, () => right ?? {}) };
    assert.deepEqual(await verifyCardDocument(many, [good.trusted]), { state: 'invalid', reason: 'too-many' });
  });
});
