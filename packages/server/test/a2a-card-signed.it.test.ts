/**
 * Guarantee: the platform signs the card that it serves for an agent, and any client can check the signature with the published keys; every
 * node serves the same bytes under the same ETag; the extended card shows a caller what its rights allow and nothing more.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentCard as SdkCard } from '@a2a-js/sdk';
import { verifyAgentCardSignature } from '@a2a-js/sdk';
import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet } from 'jose';
import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { verifyCardDocument } from '@colloquy/protocol/signing';
import { startTestPlatform } from '@colloquy/testkit';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer } from './a2a-setting.ts';

const wellKnown = '/.well-known/agent-card.json';
const skill = (id: string): object => ({ id, name: id, description: id, tags: [id] });

describe('our signature on a card', () => {
  let setting: A2aSetting;
  let sender: string;
  let reader: string;
  let writer: string;

  before(async () => {
    setting = await startA2aSetting();
    const { admin } = setting.tenant.client;
    const { card: worker } = await setting.tenant.client.admin.getOriginalCard({ agent: 'worker' });
    const skills = [skill('open'), skill('inner')];
    const card = { ...(worker as unknown as AgentCard), description: '', skills } as AgentCard;
    await admin.registerAgent({
      body: {
        name: 'shown',
        card,
        cardVisibility: 'public',
        extendedSkillIds: ['inner'],
        cardApproval: 'always',
      },
    });
    sender = await setting.tokenFor(setting.tenant, 'a2a:read a2a:send');
    reader = await setting.tokenFor(setting.tenant, 'a2a:read');
    writer = await setting.tokenFor(setting.tenant, 'a2a:read agents:write');
  });
  after(() => setting[Symbol.asyncDispose]());

  const shownPath = (): string => setting.path.replace('/worker', '/shown');
  const keys = async (): Promise<JSONWebKeySet> =>
    (await setting.call('/.well-known/jwks.json', { token: null })).json as JSONWebKeySet;

  async function verdictOf(document: JsonObject): Promise<string> {
    const trusted = (await keys()).keys.map((publicKey) => ({
      kid: publicKey.kid ?? '',
      algorithms: ['ES256'] as const,
      publicKey,
    }));
    return (await verifyCardDocument(document, trusted)).state;
  }

  it('is right, by the rules of the specification and by the official SDK, and wrong after any change', async () => {
    for (const path of [setting.path, shownPath()]) {
      const card = (await setting.call(path + wellKnown)).json as JsonObject;
      assert.equal(await verdictOf(card), 'verified');
      assert.equal(await verdictOf({ ...card, version: '6.6.6' }), 'invalid');
      const local = createLocalJWKSet(await keys());
      const verify = verifyAgentCardSignature(async (kid) => local({ alg: 'ES256', kid }));
      await verify(structuredClone(card) as unknown as SdkCard);
      await assert.rejects(verify({ ...card, name: 'Another agent' } as unknown as SdkCard));
    }
  });

  it('never covers the address of the agent: the card that the agent published is kept apart', async () => {
    const served = (await setting.call(setting.path + wellKnown)).text;
    const host = new URL(setting.agent.url).host;
    assert.doesNotMatch(served, new RegExp(host));
    const original = await setting.tenant.client.admin.getOriginalCard({ agent: 'worker' });
    assert.match(JSON.stringify(original.card), new RegExp(host));
  });

  it('is the same at every node and every time, until the card changes', async () => {
    await using other = await startTestPlatform({
      database: setting.platform.database,
      env: {
        COLLOQUY_PUBLIC_URL: setting.platform.url,
        COLLOQUY_GRPC_PUBLIC_ADDRESS: setting.platform.platform.grpcAddress ?? '',
      },
    });
    const first = await setting.call(shownPath() + wellKnown, { token: null });
    const elsewhere = await fetch(other.url + shownPath() + wellKnown);
    assert.equal(await elsewhere.text(), first.text);
    for (const name of ['etag', 'last-modified', 'cache-control'])
      assert.equal(elsewhere.headers.get(name), first.headers.get(name), name);
    const { card } = await setting.tenant.client.admin.getOriginalCard({ agent: 'shown' });
    const updated = await setting.tenant.client.admin.updateCard({
      agent: 'shown',
      body: { card: { ...card, description: 'Anew' } },
    });
    assert.deepEqual([updated.version.status, updated.version.version], ['approved', 2]);
    const next = await setting.call(shownPath() + wellKnown, {
      token: null,
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    });
    assert.equal(next.status, 200);
    assert.notEqual(next.headers.get('etag'), first.headers.get('etag'));
    assert.equal(await verdictOf(next.json as JsonObject), 'verified');
    assert.deepEqual(await rowsOfSignatures(), 2, 'one row for each agent that was shown');
  });

  const rowsOfSignatures = async (): Promise<number> =>
    Number((await setting.rows('select count(*) as n from colloquy.served_card_signatures'))[0]?.['n']);

  const byRpc = (token: string): Promise<WireAnswer> =>
    setting.call(shownPath(), {
      method: 'POST',
      token,
      headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: '{"jsonrpc":"2.0","id":1,"method":"GetExtendedAgentCard"}',
    });
  const byRest = (token: string): Promise<WireAnswer> =>
    setting.call(`${shownPath()}/extendedAgentCard`, { token, headers: { 'a2a-version': '1.0' } });
  const cardIn = ({ json, text, status }: WireAnswer): AgentCard => {
    assert.equal(status, 200, text);
    const body = json as { readonly result?: AgentCard };
    return body.result ?? (json as AgentCard);
  };
  const paramsIn = ({ capabilities }: AgentCard): JsonObject =>
    capabilities.extensions?.find(({ uri }) => uri === 'urn:colloquy:extension:terms:v1')?.params ?? {};

  it('is on the extended card too, which depends on the rights of the caller, over both bindings', async () => {
    await setting.tenant.client.admin.updateCard({
      agent: 'shown',
      body: {
        card: {
          ...(await setting.tenant.client.admin.getOriginalCard({ agent: 'shown' })).card,
          skills: [skill('open')],
        },
      },
    });
    const open = (await setting.call(shownPath() + wellKnown, { token: null })).json as AgentCard;
    assert.equal(open.capabilities.extendedAgentCard, true);
    assert.deepEqual(
      open.skills.map(({ id }) => id),
      ['open'],
    );
    for (const ask of [byRpc, byRest]) {
      const [forSender, forReader, forWriter] = [
        cardIn(await ask(sender)),
        cardIn(await ask(reader)),
        cardIn(await ask(writer)),
      ];
      assert.deepEqual(
        forSender.skills.map(({ id }) => id),
        ['open', 'inner'],
      );
      assert.deepEqual(
        forReader.skills.map(({ id }) => id),
        ['open'],
      );
      const provenance = { cardVersion: 2, signature: 'unsigned' };
      assert.deepEqual(paramsIn(forReader), provenance);
      assert.deepEqual(paramsIn(forWriter), { ...provenance, pendingCardVersion: 3 });
      const { priceMicrocredits, taskMsMax, idempotent } = paramsIn(forSender);
      assert.deepEqual([typeof priceMicrocredits, typeof taskMsMax, idempotent], ['number', 'number', false]);
      assert.equal(await verdictOf(forSender as unknown as JsonObject), 'verified');
      assert.doesNotMatch(JSON.stringify(forSender), new RegExp(new URL(setting.agent.url).host));
    }
    assert.equal((await byRest(sender)).headers.get('cache-control'), 'private, no-store');
  });

  it('is on no card for a client without the right to it', async () => {
    const noRight = await setting.tokenFor(setting.tenant, 'a2a:send');
    for (const ask of [byRpc, byRest]) assert.equal((await ask(noRight)).status, 403);
    const anonymous = await setting.call(`${shownPath()}/extendedAgentCard`, { token: null });
    assert.equal(anonymous.status, 401);
    const missing = await setting.call(setting.path.replace('/worker', '/missing') + '/extendedAgentCard', {
      token: sender,
      headers: { 'a2a-version': '1.0' },
    });
    assert.equal(missing.status, 404);
  });
});
