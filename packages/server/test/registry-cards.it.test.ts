/**
 * Guarantee: a new card of an agent is used at once or only after its approval, as the policy says; messages go by the card in use
 * alone; every card is kept as it was published, and their differences can be read.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';
import type { JsonObject } from '@colloquy/protocol';
import { signCardDocument } from '@colloquy/protocol/signing';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import { card as plainCard, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminAnswer, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

const card = plainCard as unknown as JsonObject;
const first = 'http://127.0.0.1:9001/a2a';
const moved = 'http://127.0.0.1:9002/a2a';
const at = (url: string, more: JsonObject = {}): JsonObject => ({
  ...card,
  ...more,
  supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
});

describe('the versions of a card', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let walker: AdminWalker;
  let privateKey: CryptoKey;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
    const pair = await generateKeyPair('ES256', { extractable: true });
    privateKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'acme' };
    await walker.use('addCardKey', {}, { name: 'Acme', jwk });
  });
  after(() => setting[Symbol.asyncDispose]());

  async function signed(document: JsonObject): Promise<JsonObject> {
    const signatures = await signCardDocument(document, { kid: 'acme', algorithm: 'ES256', privateKey });
    return { ...document, signatures: signatures.map((signature) => ({ ...signature })) };
  }

  const register = (name: string, document: JsonObject, more: object = {}): Promise<Record<string, unknown>> =>
    walker.use('registerAgent', {}, { name, card: document, ...more });
  const update = async (name: string, document: JsonObject): Promise<Updated> =>
    (await walker.use('updateCard', { agent: name }, { card: document })) as unknown as Updated;
  const refusedUpdate = async (name: string, json: object): Promise<AdminAnswer> =>
    setting.call('PUT', `/tenants/${tenant.slug}/agents/${name}/card`, { token: await tenant.token(), json });
  const decide = async (name: string, version: number, verdict: string): Promise<AdminAnswer> =>
    setting.call('POST', `/tenants/${tenant.slug}/agents/${name}/card-versions/${version}/${verdict}`, {
      token: await tenant.token(),
    });

  /** Where messages to an agent go, by which card. */
  async function routed(name: string): Promise<unknown[]> {
    const route = await createRouteStore(setting.registry.pool).findByName(tenant.caller.tenant.id, name);
    return [
      route?.cardVersion,
      route?.instances.flatMap(({ url, admission }) => (admission === 'active' ? [url] : [])),
    ];
  }

  const audited = async (name: string): Promise<string[]> =>
    itemsOf(await walker.use('listAuditEntries', { query: `?resource=agents/${name}` })).map(
      ({ action, outcome }) => `${String(action)} ${String(outcome)}`,
    );

  it('of an unsigned agent are used at once, wherever they lead', async () => {
    await register('open', at(first));
    const { version, diff } = await update('open', at(moved));
    assert.deepEqual(
      [version.version, version.status, version.inUse, diff.material],
      [2, 'approved', true, ['interfaces']],
    );
    assert.deepEqual(await routed('open'), [2, [moved]]);
    assert.deepEqual(await audited('open'), ['agent.registered succeeded', 'card.published succeeded']);
  });

  it('are used again when a client rolls back to them, and to no other', async () => {
    await register('back', at(first), { cardApproval: 'never' });
    await update('back', at(moved));
    assert.deepEqual(await routed('back'), [2, [moved]]);
    const { version, inUse } = (await walker.use('rollBackCard', {
      agent: 'back',
      version: '1',
    })) as unknown as Version;
    assert.deepEqual([version, inUse, await routed('back')], [1, true, [1, [first]]]);
    const again = await update('back', at('http://127.0.0.1:9003/a2a'));
    assert.deepEqual([again.version.version, await routed('back')], [3, [3, ['http://127.0.0.1:9003/a2a']]]);
    await register('held', at(first), { cardApproval: 'always' });
    await update('held', at(moved));
    for (const [number, code] of [
      [2, 'registry.card-version-unused'],
      [9, 'registry.card-version-unknown'],
    ] as const) {
      const refused = await decide('held', number, 'use');
      assert.equal(refused.body['code'], code);
    }
    assert.deepEqual(await routed('held'), [1, [first]]);
    assert.ok((await audited('back')).includes('card.rolled-back succeeded'));
  });

  it('that say nothing new change nothing, in whatever order they say it', async () => {
    await register('same', await signed(at(first)));
    const [kept] = itemsOf(await walker.use('listCardVersions', { agent: 'same' }));
    const { card: original } = await walker.use('getOriginalCard', { agent: 'same' });
    const reversed = Object.fromEntries(Object.entries(original as JsonObject).reverse());
    const { version, diff } = await update('same', reversed);
    assert.deepEqual([version, diff.changeCount], [kept, 0]);
    assert.deepEqual(await audited('same'), ['agent.registered succeeded']);
  });

  it('of a signed agent wait when they move it, change its security or its skills; the old one is used meanwhile', async () => {
    const changes: readonly (readonly [string, JsonObject, string])[] = [
      ['moves', at(moved), 'interfaces'],
      ['secures', at(first, { securitySchemes: { tls: { mtlsSecurityScheme: {} } } }), 'security'],
      [
        'learns',
        at(first, { skills: [...(card['skills'] as JsonObject[]), { id: 'x', name: 'X', description: '', tags: [] }] }),
        'skills',
      ],
    ];
    for (const [name, document, material] of changes) {
      await register(name, await signed(at(first)));
      const before = await routed(name);
      const { version, diff } = await update(name, await signed(document));
      assert.deepEqual([version.version, version.status, version.inUse], [2, 'pending', false], name);
      assert.deepEqual(diff.material, [material]);
      assert.deepEqual(await routed(name), before);
      const shown = await walker.use('getAgent', { agent: name });
      assert.deepEqual([shown['cardVersion'], shown['pendingCardVersion']], [1, 2]);
      const again = await update(name, await signed(document));
      assert.equal(again.version.status, 'pending');
    }
    await register('renamed', await signed(at(first)));
    const renamed = await update('renamed', await signed(at(first, { description: 'Says it twice' })));
    assert.deepEqual([renamed.version.status, renamed.diff.material], ['approved', []]);
  });

  it('that lose their signature wait, so that a thief of the address gains nothing', async () => {
    await register('stolen', await signed(at(first)));
    const { version, diff } = await update('stolen', at(first));
    assert.deepEqual([version.status, diff.material], ['pending', ['signature']]);
    const forged = { ...(await signed(at(first))), version: '7' };
    const refused = await refusedUpdate('stolen', { card: forged });
    assert.deepEqual([refused.status, refused.body['code']], [400, 'registry.card-signature-invalid']);
    assert.deepEqual((await audited('stolen')).at(-1), 'card.proposed refused');
    assert.deepEqual(await routed('stolen'), [1, [first]]);
  });

  it('are used once approved, never once rejected, and decided once', async () => {
    await register('decided', await signed(at(first)));
    await update('decided', await signed(at(moved)));
    const approved = await walker.use('approveCardVersion', { agent: 'decided', version: '2' });
    assert.deepEqual(
      [approved['status'], approved['inUse'], approved['decidedBy']],
      ['approved', true, tenant.clientId],
    );
    assert.deepEqual(await routed('decided'), [2, [moved]]);
    await update('decided', await signed(at(first)));
    const rejected = await walker.use('rejectCardVersion', { agent: 'decided', version: '3' });
    assert.deepEqual([rejected['status'], rejected['inUse']], ['rejected', false]);
    assert.deepEqual(await routed('decided'), [2, [moved]]);
    for (const [version, verdict] of [
      [2, 'reject'],
      [3, 'approve'],
      [1, 'approve'],
    ] as const) {
      const answer = await decide('decided', version, verdict);
      assert.deepEqual([answer.status, answer.body['code']], [409, 'registry.card-version-settled']);
    }
    for (const version of [4, 0, 99_999_999_999]) {
      const answer = await decide('decided', version, 'approve');
      assert.deepEqual([answer.status, answer.body['code']], [404, 'registry.card-version-unknown']);
    }
    assert.deepEqual((await audited('decided')).slice(1), [
      'card.proposed succeeded',
      'card.approved succeeded',
      'card.proposed succeeded',
      'card.rejected succeeded',
    ]);
  });

  it('take the place of one that waits, and of many at once one comes first', async () => {
    await register('busy', await signed(at(first)));
    const urls = Array.from({ length: 6 }, (_, port) => `http://127.0.0.1:91${port}0/a2a`);
    const updates = await Promise.all(urls.map(async (url) => update('busy', await signed(at(url)))));
    assert.deepEqual(
      updates.map(({ version }) => version.version).toSorted((a, b) => a - b),
      [2, 3, 4, 5, 6, 7],
    );
    const versions = itemsOf(await walker.use('listCardVersions', { agent: 'busy' }));
    assert.deepEqual(
      versions.map(({ status }) => status),
      ['pending', ...Array.from({ length: 5 }, () => 'superseded'), 'approved'],
    );
    const verdicts = await Promise.all(['approve', 'reject', 'approve'].map((verdict) => decide('busy', 7, verdict)));
    assert.deepEqual(
      verdicts.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409, 409],
    );
    const [cardVersion] = await routed('busy');
    const approved = itemsOf(await walker.use('listCardVersions', { agent: 'busy' })).find(({ inUse }) => inUse);
    assert.equal(cardVersion, approved?.['version']);
  });

  it('wait for all agents or for none where the policy says so', async () => {
    await register('always', at(first), { cardApproval: 'always' });
    assert.equal((await update('always', at(moved))).version.status, 'pending');
    await register('never', await signed(at(first)), { cardApproval: 'never' });
    assert.equal((await update('never', await signed(at(moved)))).version.status, 'approved');
    await walker.use('setCardPolicy', {}, { signatures: 'accept', approval: 'always' });
    assert.equal((await update('open', at(first))).version.status, 'pending');
    await walker.use('setCardPolicy', {}, { signatures: 'accept', approval: 'signed' });
    assert.equal((await walker.use('getCardPolicy', {}))['approval'], 'signed');
  });

  it('never take a credential to a new origin', async () => {
    await register('keyed', at(first), { credential: { kind: 'bearer', value: 'very-secret' } });
    const refused = await refusedUpdate('keyed', { card: at(moved) });
    assert.deepEqual([refused.status, refused.body['code']], [409, 'registry.credential-bound']);
    assert.equal((await update('keyed', at(`${first}/v2`))).version.status, 'approved');
    assert.deepEqual(await routed('keyed'), [2, [`${first}/v2`]]);
  });

  it('are kept as they were published, and shown with the differences between any two', async () => {
    const document = await signed(at(first, { futureField: [1, { a: '' }] }));
    await register('shown', document);
    await update('shown', await signed(at(moved, { version: '2.0.0', iconUrl: 'https://x.example/i.png' })));
    const original = await walker.use('getOriginalCard', { agent: 'shown' });
    assert.deepEqual([original['version'], original['card']], [1, document]);
    const pending = await walker.use('getOriginalCard', { agent: 'shown', query: '?version=2' });
    assert.equal(pending['status'], 'pending');
    const { from, to, diff } = (await walker.use('compareCards', { agent: 'shown' })) as unknown as Compared;
    assert.deepEqual([from.version, to.version, diff.material], [1, 2, ['interfaces']]);
    assert.deepEqual(diff.changes, [
      { path: 'supportedInterfaces[0].url', kind: 'changed', before: first, after: moved },
      { path: 'version', kind: 'changed', before: '1.2.3', after: '2.0.0' },
      { path: 'iconUrl', kind: 'added', after: 'https://x.example/i.png' },
    ]);
    const back = (await walker.use('compareCards', { agent: 'shown', query: '?from=2&to=1' })) as unknown as Compared;
    assert.deepEqual(back.diff.changes[2], { path: 'iconUrl', kind: 'removed', before: 'https://x.example/i.png' });
    const missing = await setting.call('GET', `/tenants/${tenant.slug}/agents/shown/card?version=3`, {
      token: await tenant.token(),
    });
    assert.deepEqual([missing.status, missing.body['code']], [404, 'registry.card-version-unknown']);
    assert.doesNotMatch(setting.http.logText(), /127\.0\.0\.1:900[12]/);
  });

  it('are read anew from where the one in use came from, and then speak for that origin alone', async () => {
    let published: JsonObject = card;
    const site = createServer((_request, response) => response.end(JSON.stringify(published)));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const address = site.address();
    assert.ok(address !== null && typeof address === 'object');
    const home = `http://127.0.0.1:${address.port}/a2a`;
    const cardUrl = `http://127.0.0.1:${address.port}/card`;
    const refused = async (answer: Promise<AdminAnswer>): Promise<void> => {
      const { status, body, text } = await answer;
      assert.deepEqual([status, body['code']], [400, 'registry.card-invalid']);
      assert.match(text, /supportedInterfaces/);
    };
    const token = await tenant.token();
    const registering = (name: string, more: object = {}): Promise<AdminAnswer> =>
      setting.call('POST', `/tenants/${tenant.slug}/agents`, {
        token,
        json: { name, cardUrl, ...more },
      });
    try {
      published = at(first);
      await refused(registering('fetched'));
      await refused(registering('fetched', { cardApproval: 'always' }));
      published = at(home);
      await walker.use('registerAgent', {}, { name: 'fetched', cardUrl });
      const same = (await walker.use('updateCard', { agent: 'fetched' }, {})) as unknown as Updated;
      assert.equal(same.version.version, 1);
      published = at(home, { description: 'Says it differently' });
      const next = (await walker.use('updateCard', { agent: 'fetched' }, {})) as unknown as Updated;
      assert.deepEqual([next.version.version, next.diff.changeCount], [2, 1]);
      assert.equal((await walker.use('getOriginalCard', { agent: 'fetched' }))['cardUrl'], cardUrl);
      published = at(first);
      await refused(refusedUpdate('fetched', {}));
      assert.deepEqual(await routed('fetched'), [2, [home]], 'nothing goes where it did not lead');
      published = await signed(at(first));
      await walker.use('registerAgent', {}, { name: 'vouched', cardUrl });
      assert.deepEqual(await routed('vouched'), [1, [first]]);
      published = at(home);
      await walker.use('registerAgent', {}, { name: 'watched', cardUrl, cardApproval: 'always' });
      published = at(first);
      const waiting = (await walker.use('updateCard', { agent: 'watched' }, {})) as unknown as Updated;
      assert.deepEqual([waiting.version.status, await routed('watched')], ['pending', [1, [home]]]);
      await update('fetched', at(first));
      await walker.use('updateCard', { agent: 'fetched' }, { cardUrl });
      assert.deepEqual((await routed('fetched'))[1], [first], 'what the tenant said itself holds');
    } finally {
      site.closeAllConnections();
      site.close();
    }
    const gone = await refusedUpdate('fetched', {});
    assert.deepEqual([gone.status, gone.body['code']], [422, 'registry.card-unreachable']);
    const sent = await refusedUpdate('open', {});
    assert.deepEqual([sent.status, sent.body['code']], [400, 'request.invalid']);
    const large = await refusedUpdate('open', { card: at(first, { description: 'x'.repeat(400_000) }) });
    assert.equal(large.status, 413);
    assert.deepEqual((await routed('fetched'))[1], [first]);
  });

  it('show with their agent how the one in use is signed and which one waits, whatever becomes of them', async () => {
    /** The version in use, how it is signed, and which one waits, as the agent says, once its versions have said the same. */
    const standing = async (): Promise<unknown[]> => {
      const agent = await walker.use('getAgent', { agent: 'standing' });
      const versions = itemsOf(await walker.use('listCardVersions', { agent: 'standing' }));
      const used = versions.find(({ inUse }) => inUse);
      const waiting = versions.find(({ status }) => status === 'pending');
      const { cardVersion, cardSignature, pendingCardVersion } = agent;
      assert.deepEqual(
        [cardVersion, cardSignature, pendingCardVersion],
        [used?.['version'], used?.['signature'], waiting?.['version']],
      );
      return [cardVersion, (cardSignature as { state: string }).state, pendingCardVersion];
    };
    await register('standing', await signed(at(first)));
    assert.deepEqual(await standing(), [1, 'verified', undefined]);
    await update('standing', await signed(at(moved)));
    assert.deepEqual(await standing(), [1, 'verified', 2]);
    await update('standing', at(moved));
    assert.deepEqual(await standing(), [1, 'verified', 3], 'the one before is superseded');
    await decide('standing', 3, 'reject');
    assert.deepEqual(await standing(), [1, 'verified', undefined]);
    await update('standing', at(moved));
    await decide('standing', 4, 'approve');
    assert.deepEqual(await standing(), [4, 'unsigned', undefined]);
    await walker.use('rollBackCard', { agent: 'standing', version: '1' });
    assert.deepEqual(await standing(), [1, 'verified', undefined]);
  });

  it('need the right to decide, which the right to register is not', async () => {
    const token = await tenant.token(['agents:write', 'a2a:read']);
    const path = `/tenants/${tenant.slug}/agents/always/card-versions/2/approve`;
    const answer = await setting.call('POST', path, { token });
    assert.deepEqual([answer.status, answer.body['code']], [403, 'access.scope-missing']);
    assert.deepEqual(await routed('always'), [1, [first]]);
  });

  it('are not approved once their key is revoked, where a verified card is demanded', async () => {
    await register('strict', await signed(at(first)), { cardSignatures: 'require' });
    await update('strict', await signed(at(moved)));
    await walker.use('listCardKeys', {});
    await walker.use('revokeCardKey', { kid: 'acme' });
    const answer = await decide('strict', 2, 'approve');
    assert.deepEqual([answer.status, answer.body['code']], [400, 'registry.card-signature-required']);
    assert.deepEqual(await routed('strict'), [1, [first]]);
    assert.equal((await decide('strict', 2, 'reject')).status, 200);
  });

  it('follow what the tenant says of the agent, over each card that comes, until it says nothing', async () => {
    const shown = async (): Promise<unknown[]> => {
      const { tier, department, slotsMax } = await walker.use('getAgent', { agent: 'told' });
      return [tier, department, slotsMax];
    };
    const tell = async (profile: JsonObject | null): Promise<Updated> =>
      (await walker.use('setProfile', { agent: 'told' }, { profile })) as unknown as Updated;
    await register('told', at(first), { profile: { department: 'Sales', tier: 'gold' } });
    assert.deepEqual(await shown(), ['gold', 'Sales', undefined]);
    await update('told', at(first, { description: 'Another' }));
    assert.deepEqual(await shown(), ['gold', 'Sales', undefined]);
    const { diff } = await tell({ tier: 'bronze', slotsMax: 3 });
    assert.deepEqual(diff.material, ['terms']);
    assert.deepEqual(await shown(), ['bronze', undefined, 3]);
    const path = `/tenants/${tenant.slug}/agents/told/profile`;
    for (const [profile, field] of [
      [{ tier: 'platinum' }, 'tier'],
      [{ color: 'red' }, 'color'],
      [{ skills: { nothing: {} } }, 'skills.nothing'],
      [{ healthUrl: 'https://elsewhere.example/health' }, 'healthUrl'],
    ] as const) {
      const refused = await setting.call('PUT', path, { token: await tenant.token(), json: { profile } });
      assert.deepEqual([refused.status, refused.body['code']], [400, 'registry.card-invalid'], field);
      assert.match(refused.text, new RegExp(`"field":"[^"]*${field}"`));
    }
    assert.deepEqual((await tell({ tier: 'bronze', slotsMax: 3 })).version.version, 3, 'nothing new');
    await tell(null);
    assert.deepEqual(await shown(), ['silver', undefined, undefined]);
    const { card: original } = await walker.use('getOriginalCard', { agent: 'told' });
    assert.doesNotMatch(JSON.stringify(original), /enterprise/, 'what the agent published stays as it was');
  });

  it('were walked through whole', () => {
    const all = adminEndpoints.filter(({ operation }) => operation.startsWith('card')).map(({ id }) => id);
    assert.deepEqual(
      all.filter((id) => !walker.walked.has(id)),
      [],
    );
  });
});

interface Version {
  readonly version: number;
  readonly status: string;
  readonly inUse: boolean;
}

interface Diff {
  readonly changes: readonly object[];
  readonly changeCount: number;
  readonly material: readonly string[];
}

interface Updated {
  readonly version: Version;
  readonly diff: Diff;
}

interface Compared {
  readonly from: Version;
  readonly to: Version;
  readonly diff: Diff;
}
