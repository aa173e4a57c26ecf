import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { generateAgentCardSignature, verifyAgentCardSignature } from '@a2a-js/sdk';
import type { AgentCard } from '@a2a-js/sdk';
import { startHarnessAgent } from '../harness-agent.ts';
import { scenario } from '../run/scenario.ts';
import type { Stage } from '../run/stage.ts';

const once = { on: 'once' } as const;

interface SignedCard {
  readonly signatures?: readonly { readonly protected: string; readonly signature: string }[];
}

const cardOf = async (stage: Stage): Promise<SignedCard> => {
  const response = await stage.fetch(`/t/${stage.tenant.slug}/agents/harness/.well-known/agent-card.json`);
  return (await response.json()) as SignedCard;
};

const headerOf = ({ signatures }: SignedCard): Record<string, unknown> =>
  JSON.parse(Buffer.from(signatures?.[0]?.protected ?? '', 'base64url').toString()) as Record<string, unknown>;

/** The official SDK takes a card as it crossed the wire, whatever its types say. */
const asSdkCard = (card: unknown): AgentCard => structuredClone(card) as AgentCard;

/** The gateway's own keys, as it publishes them. */
async function keyOf(stage: Stage, kid: unknown): Promise<KeyObject> {
  const response = await fetch(`${stage.platform.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] };
  const key = keys.find((each) => each.kid === kid);
  assert.ok(key, `no key ${String(kid)}`);
  return createPublicKey({ key, format: 'jwk' });
}

/** Fields that a canonical card leaves out although they are set: empty lists and texts. */
const emptyFieldsOf = (value: unknown, path = ''): string[] => {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => emptyFieldsOf(inner, `${path}/${key}`));
};

/** Section 8.4: signatures, judged by the official SDK. */
export const signedCardScenarios = [
  scenario(
    'the card is signed in its canonical form, and a changed card is not',
    ['SIGN-1', 'SIGN-2', 'SIGN-3', 'SIGN-4', 'SIGN-5', 'SIGN-6', 'SIGN-7', 'SIGN-8'],
    async ({ stage }) => {
      const card = await cardOf(stage);
      assert.ok((card.signatures?.length ?? 0) > 0, 'the card is signed');
      assert.deepEqual(emptyFieldsOf(card), []);
      const verify = verifyAgentCardSignature((kid) => keyOf(stage, kid));
      await verify(asSdkCard(card));
      await assert.rejects(verify(asSdkCard({ ...card, description: 'Something else.' })));
      await assert.rejects(verify(asSdkCard({ ...card, capabilities: {} })));
    },
    once,
  ),
  scenario(
    'a signature names its algorithm, its key and its type',
    ['SIGN-9', 'SIGN-10'],
    async ({ stage }) => {
      const { alg, kid, typ } = headerOf(await cardOf(stage));
      assert.match(String(alg), /^(ES256|ES384|ES512|RS256|PS256|EdDSA|Ed25519)$/);
      assert.match(String(kid), /./);
      assert.equal(typ, 'JOSE');
    },
    once,
  ),
  scenario(
    'a signed card is believed only by a key that the tenant trusts, and not after it was revoked',
    ['VERIFY-1', 'VERIFY-2', 'VERIFY-4'],
    async ({ stage }) => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const sign = generateAgentCardSignature(privateKey, { alg: 'ES256', kid: 'harness-key', typ: 'JOSE' });
      await using plain = await startHarnessAgent();
      const described: unknown = await (await fetch(plain.cardUrl)).json();
      const signed = await sign(asSdkCard(described));
      const call = (method: string, path: string, body?: object): Promise<Response> =>
        stage.fetch(`/api/v1/tenants/${stage.tenant.slug}${path}`, {
          method,
          ...(body === undefined
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        });
      const stateOf = async (name: string, card: object): Promise<unknown> => {
        const response = await call('POST', '/agents', { name, card, priceMicrocredits: 1 });
        const { cardSignature } = (await response.json()) as { readonly cardSignature?: { readonly state: string } };
        return response.ok ? cardSignature?.state : 'refused';
      };
      assert.notEqual(await stateOf('signed-by-unknown-key', signed), 'verified');
      const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'harness-key', alg: 'ES256' };
      assert.equal((await call('POST', '/trusted-card-keys', { name: 'Harness', jwk })).status, 201);
      assert.equal(await stateOf('signed-well', signed), 'verified');
      assert.equal(await stateOf('signed-and-changed', { ...signed, description: 'Other.' }), 'refused');
      assert.ok((await call('DELETE', '/trusted-card-keys/harness-key')).ok);
      assert.notEqual(await stateOf('signed-too-late', signed), 'verified');
    },
    once,
  ),
];
