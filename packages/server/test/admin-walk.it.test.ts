/**
 * Guarantee: the admin API does what its document says: every answer has exactly the documented shape, and each change can be read back.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { selfSigned, startAuthorizationServer } from '@colloquy/testkit';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import { card, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';
import { seedDelivery } from './delivery-rows.ts';

const policiesWalked = [
  'resilience.set',
  'resilience.unset',
  'result-terms.set',
  'results.purged',
  'result-terms.unset',
  'sla.objective-set',
  'sla.objective-unset',
] as const;

/** The fields of an answer that `wanted` names. */
function holds(answer: Readonly<Record<string, unknown>>, wanted: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, answer[name]]));
}

describe('the admin API', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let walker: AdminWalker;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
  });
  after(() => setting[Symbol.asyncDispose]());

  const use: AdminWalker['use'] = (...call) => walker.use(...call);

  it('creates tenants for operators and lists them in pages', async () => {
    const created = await use('createTenant', {}, { slug: 'zeta', name: 'Zeta GmbH \u{1f600}' }, setting.operator);
    assert.equal(created['name'], 'Zeta GmbH \u{1f600}');
    const again = await setting.call('POST', '/tenants', {
      token: await setting.operator.token(),
      json: { slug: 'zeta', name: 'Other' },
    });
    assert.deepEqual([again.status, again.body['code']], [409, 'tenancy.tenant-exists']);
    const slugs: string[] = [];
    let after = '';
    do {
      const page = await use('listTenants', { query: `?limit=1${after}` }, undefined, setting.operator);
      slugs.push(...itemsOf(page).map((item) => String(item['slug'])));
      after = typeof page['next'] === 'string' ? `&after=${page['next']}` : '';
    } while (after !== '');
    assert.deepEqual(slugs, slugs.toSorted());
    assert.ok(slugs.includes('zeta') && slugs.includes(tenant.slug));
    const balance = await setting.call('GET', '/tenants/zeta/credits', { token: await setting.operator.token() });
    assert.equal(balance.body['grantedMicrocredits'], 0);
  });

  it('creates clients that work at once and shows their secrets once', async () => {
    const made = await use('createClient', {}, { name: 'reader', scopes: ['a2a:read'] });
    assert.match(String(made['clientSecret']), /^cls_/);
    const listed = await use('listClients', {});
    assert.ok(itemsOf(listed).some((client) => client['clientId'] === made['clientId']));
    assert.doesNotMatch(JSON.stringify(listed), /cls_|hash|secretId/i);
    await use('revokeClient', { client: String(made['clientId']) });
    const revoked = itemsOf(await use('listClients', {})).find((client) => client['clientId'] === made['clientId']);
    assert.equal(typeof revoked?.['revokedAt'], 'string');
  });

  it('creates people with a link that is shown once, and says where clients send them back to', async () => {
    const made = await use('createPerson', {}, { loginName: 'ada@example.org', scopes: ['a2a:read'] });
    const person = String(made['personId']);
    assert.match(String(made['passwordLink']), /\/oauth\/password\?link=tnt_/);
    const again = { token: await tenant.token(), json: { loginName: 'ada@example.org', scopes: ['a2a:read'] } };
    const taken = await setting.call('POST', `/tenants/${tenant.slug}/people`, again);
    assert.deepEqual([taken.status, taken.body['code']], [409, 'people.person-exists']);
    const link = await use('createPasswordLink', { person });
    assert.notEqual(link['passwordLink'], made['passwordLink']);
    await use('setPersonAccess', { person }, { disabled: true });
    const [listed] = itemsOf(await use('listPeople', {}));
    assert.deepEqual([listed?.['hasPassword'], typeof listed?.['disabledAt']], [false, 'string']);
    const signIn = { redirectUris: ['https://console.example.org/back'], public: true };
    assert.equal((await use('setSignIn', { client: tenant.clientId }, signIn))['public'], true);
  });

  it('lists, rotates and drops signing keys for operators, and the platform goes on signing', async () => {
    const before = itemsOf(await use('listSigningKeys', {}, undefined, setting.operator));
    assert.deepEqual(
      before.map((key) => key['state']),
      ['signing'],
    );
    await setting.registry.rows(`update colloquy.signing_keys set created_at = created_at - interval '1 hour'`);
    const made = await use('rotateSigningKey', {}, undefined, setting.operator);
    const again = await setting.call('POST', '/keys', { token: await setting.operator.token() });
    assert.deepEqual([again.status, again.body['code']], [409, 'access.key-rotating']);
    await use('dropSigningKey', { kid: String(made['kid']) }, undefined, setting.operator);
    const states = itemsOf(await use('listSigningKeys', {}, undefined, setting.operator)).map((key) => key['state']);
    assert.deepEqual(states, ['signing', 'dropped']);
  });

  it('creates API keys, shows them once, and lists those that are out', async () => {
    const key = { name: 'ci', scopes: ['a2a:read'], agents: ['echo'], expiresInDays: 7 };
    const made = await use('createApiKey', {}, key);
    assert.match(String(made['apiKey']), /^clq_[0-9a-f]{32}_[0-9A-Za-z]{49}$/);
    assert.doesNotMatch(JSON.stringify(await use('listApiKeys', {})), /clq_|secret/i);
    await use('revokeApiKey', { key: String(made['keyId']) });
    const [listed] = itemsOf(await use('listApiKeys', {}));
    assert.deepEqual([listed?.['keyId'], typeof listed?.['revokedAt']], [made['keyId'], 'string']);
  });

  it('registers external issuers after reading their metadata, changes their scope maps, and removes them', async () => {
    await using server = await startAuthorizationServer();
    const json = { name: 'login', issuer: server.issuer, scopeMap: { 'agents.read': ['a2a:read'] } };
    const made = await use('registerIssuer', {}, json);
    assert.deepEqual([made['audience'], made['tokenType']], [`https://colloquy.example/t/${tenant.slug}`, 'at+jwt']);
    const issuer = String(made['issuerId']);
    const changed = await use('changeIssuer', { issuer }, { name: 'sign-on', scopeMap: { all: ['a2a:send'] } });
    assert.deepEqual([changed['name'], changed['scopeMap']], ['sign-on', { all: ['a2a:send'] }]);
    await use('removeIssuer', { issuer });
    const [listed] = itemsOf(await use('listIssuers', {}));
    assert.deepEqual([listed?.['issuerId'], typeof listed?.['removedAt']], [issuer, 'string']);
  });

  it('limits the depth of its delegation chains', async () => {
    assert.deepEqual(await use('readDelegationRule', {}), { depthMax: 4 });
    assert.deepEqual(await use('setDelegationRule', {}, { depthMax: 2 }), { depthMax: 2 });
    assert.deepEqual(await use('readDelegationRule', {}), { depthMax: 2 });
  });

  it('sets the objective of a tier, and unsets it', async () => {
    const defaults = async (): Promise<unknown[]> =>
      ((await use('listObjectives', {}))['tiers'] as Record<string, unknown>[]).map((tier) => tier['default']);
    await use(
      'setTierObjective',
      { tier: 'gold' },
      { availabilityPercent: 99.95, latencyMs: 2_000, latencyPercent: 97.5 },
    );
    assert.deepEqual(await defaults(), [false, true, true]);
    await use('unsetTierObjective', { tier: 'gold' });
    assert.deepEqual(await defaults(), [true, true, true]);
  });

  it('lets no client give a scope that it lacks', async () => {
    const token = await tenant.token(['clients:write', 'a2a:read']);
    const json = { name: 'climber', scopes: ['a2a:read', 'agents:write'] };
    const answer = await setting.call('POST', `/tenants/${tenant.slug}/clients`, { token, json });
    assert.deepEqual([answer.status, answer.body['code']], [403, 'access.scope-missing']);
    assert.ok(!itemsOf(await use('listClients', {})).some((client) => client['name'] === 'climber'));
  });

  it('grants credits once for a grant id and shows the ledger', async () => {
    const json = { amountMicrocredits: 1_000_000, grantId: '01920000-0000-7000-8000-000000000001' };
    const first = await use('grantCredits', {}, json, setting.operator);
    assert.deepEqual(await use('grantCredits', {}, json, setting.operator), first);
    const conflict = await setting.call('POST', `/tenants/${tenant.slug}/credits/grants`, {
      token: await setting.operator.token(),
      json: { ...json, amountMicrocredits: 2 },
    });
    assert.deepEqual([conflict.status, conflict.body['code']], [409, 'credits.grant-conflict']);
    assert.equal((await use('readBalance', {}))['availableMicrocredits'], 1_000_000);
    const entries = itemsOf(await use('listLedgerEntries', {}));
    assert.deepEqual(
      entries.map(({ kind, amountMicrocredits, taskId }) => ({ kind, amountMicrocredits, taskId })),
      [{ kind: 'grant', amountMicrocredits: 1_000_000, taskId: undefined }],
    );
  });

  it('grants credits that expire, and transfers credits once for a transfer id', async () => {
    const [from, to] = [await setting.newTenant(), await setting.newTenant()];
    const grant = { amountMicrocredits: 500, expiresAt: '2999-01-01T00:00:00Z' };
    await use('grantCredits', { tenant: from.slug }, grant, setting.operator);
    const json = { to: to.slug, amountMicrocredits: 200, transferId: '01920000-0000-7000-8000-000000000002' };
    const first = await use('transferCredits', { tenant: from.slug }, json, setting.operator);
    assert.deepEqual(await use('transferCredits', { tenant: from.slug }, json, setting.operator), first);
    const received = await use('readBalance', { tenant: to.slug }, undefined, setting.operator);
    assert.equal(received['availableMicrocredits'], 200);
    const statement = await use(
      'readCreditStatement',
      { tenant: to.slug, month: '2999-01' },
      undefined,
      setting.operator,
    );
    assert.deepEqual([statement['closing'], statement['isFinal']], [received, false]);
    const usage = await use('readUsage', { tenant: to.slug }, undefined, setting.operator);
    const showback = { tenant: to.slug, month: new Date().toISOString().slice(0, 7) };
    const { total, ledgerMicrocredits } = await use('readShowback', showback, undefined, setting.operator);
    assert.deepEqual([total, ledgerMicrocredits], [usage['total'], 0]);
    const reconciled = await use('reconcileCredits', { tenant: to.slug }, undefined, setting.operator);
    assert.deepEqual(reconciled['drifts'], []);
    assert.deepEqual(await use('readReconciliation', { tenant: to.slug }, undefined, setting.operator), reconciled);
    const beyond = await setting.call('POST', `/tenants/${from.slug}/credits/transfers`, {
      token: await setting.operator.token(),
      json: { to: to.slug, amountMicrocredits: 301 },
    });
    assert.deepEqual([beyond.status, beyond.body['code']], [402, 'credits.insufficient']);
  });

  it('rotates the keys of secrets for operators, one rotation at a time', async () => {
    const { operator, registry } = setting;
    const token = await operator.token();
    const pending = await setting.call('POST', '/secrets/rotations', { token, json: {} });
    assert.deepEqual([pending.status, pending.body['code']], [409, 'secret.rotation-pending']);
    await registry.rows('update colloquy.secret_rotations set finished_at = now()');
    const asked = await use('rotateSecrets', {}, { renewsDataKeys: true }, operator);
    assert.deepEqual(await use('showSecretKeys', {}, undefined, operator), asked);
    const again = await setting.call('POST', '/secrets/rotations', { token, json: { renewsDataKeys: true } });
    assert.deepEqual([again.status, again.body['code']], [409, 'secret.rotation-pending']);
    assert.deepEqual(await use('showSecretKeys', {}, undefined, operator), asked, 'a refusal changes nothing');
  });

  it('opens private addresses to one tenant and closes them again, for operators', async () => {
    const { operator } = setting;
    const opened = await use('allowEgress', {}, { target: 'FD00:0:0::/8' }, operator);
    assert.deepEqual([opened['target'], opened['kind'], opened['allowedBy']], ['fd00::/8', 'range', operator.clientId]);
    const again = await use('allowEgress', {}, { target: 'fd00::/8' }, operator);
    assert.deepEqual(again, opened);
    assert.equal((await use('allowEgress', {}, { target: 'Agents.Example.' }, operator))['target'], 'agents.example');
    const targets = async () =>
      itemsOf(await use('listEgressAllowances', {}, undefined, operator)).map((one) => one['target']);
    assert.deepEqual(await targets(), ['agents.example', 'fd00::/8']);
    await use('removeEgressAllowance', { query: '?target=agents.example' }, undefined, operator);
    assert.deepEqual(await targets(), ['fd00::/8']);
    const token = await operator.token();
    const path = `/tenants/${tenant.slug}/egress`;
    const gone = await setting.call('DELETE', `${path}?target=agents.example`, { token });
    assert.deepEqual([gone.status, gone.body['code']], [404, 'egress.allowance-unknown']);
    for (const target of [
      '',
      '10.0.0.0/33',
      '10.0.0/8',
      'a b',
      'http://a/',
      '2130706433',
      '0x7f.1',
      'fe80::1%eth0',
      '[::1]',
      '::1/',
    ]) {
      const refused = await setting.call('POST', path, { token, json: { target } });
      assert.deepEqual([refused.status, refused.body['code']], [400, 'request.invalid'], target);
    }
    assert.deepEqual(await targets(), ['fd00::/8']);
  });

  it('registers an agent by its card or by its address, and shows neither address nor credential', async () => {
    const [spoken] = card.supportedInterfaces;
    const site = createServer(({ headers }, response) =>
      response.end(
        JSON.stringify({ ...card, supportedInterfaces: [{ ...spoken, url: `http://${headers.host ?? ''}/a2a` }] }),
      ),
    );
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const address = site.address();
    assert.ok(address !== null && typeof address === 'object');
    try {
      const credential = { kind: 'bearer', value: 'very-secret-value' };
      const byCard = await use('registerAgent', {}, { name: 'by-card', card, priceMicrocredits: 0, credential });
      assert.equal(byCard['url'], `https://colloquy.example/t/${tenant.slug}/agents/by-card/`);
      const byUrl = await use('registerAgent', {}, { name: 'by-url', cardUrl: `http://127.0.0.1:${address.port}` });
      assert.deepEqual([byUrl['priceMicrocredits'], byUrl['credentialKind']], [100, 'none']);
    } finally {
      site.closeAllConnections();
      site.close();
    }
    const listed = await use('listAgents', {});
    assert.deepEqual(
      itemsOf(listed).map((agent) => agent['name']),
      ['by-card', 'by-url'],
    );
    assert.deepEqual(await use('getAgent', { agent: 'by-card' }), itemsOf(listed)[0]);
    assert.deepEqual(
      itemsOf(await use('searchAgents', { query: '?skill=echo&name=by-c' })),
      itemsOf(listed).slice(0, 1),
    );
    assert.deepEqual(
      itemsOf(await use('listSkills', { agent: 'by-card' })).map(({ id }) => id),
      ['echo'],
    );
    assert.doesNotMatch(JSON.stringify(listed), /very-secret|127\.0\.0\.1|9001/);
    assert.deepEqual((await use('pinKeys', { agent: 'by-url' }, { keys: [] }))['pinnedKeys'], []);
    const plain = await use('readRouting', { agent: 'by-url' });
    const routing = { ...plain, versions: [{ version: '2', weight: 5 }], mirror: { version: '3', percent: 10 } };
    assert.deepEqual(await use('setRouting', { agent: 'by-url' }, routing), routing);
    assert.deepEqual(await use('readRouting', { agent: 'by-url' }), routing);
    await use('unsetRouting', { agent: 'by-url' });
    assert.deepEqual(await use('readRouting', { agent: 'by-url' }), plain);
    await walkPolicies('by-url');
    assert.deepEqual(
      itemsOf(await use('listCertificates', {})).map((known) => known['agent']),
      ['by-card', 'by-url'],
    );
    assert.deepEqual(itemsOf(await use('listListenerCertificates', {}, undefined, setting.operator)), []);
    await use('deregisterAgent', { agent: 'by-url' });
    assert.equal(itemsOf(await use('listAgents', {})).length, 1);
    assert.doesNotMatch(setting.http.logText(), /very-secret/);
  });

  it("checks the certificate of an agent's endpoint", async () => {
    const { certificate, key, pin } = await selfSigned();
    const site = createTlsServer({ cert: certificate, key }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;
    const supportedInterfaces = [{ ...card.supportedInterfaces[0], url: `https://127.0.0.1:${String(port)}/` }];
    await use('registerAgent', {}, { name: 'secure', card: { ...card, supportedInterfaces } });
    const { seen } = await use('checkCertificate', { agent: 'secure' });
    assert.equal((seen as Record<string, unknown>)['keyPin'], pin);
    await use('deregisterAgent', { agent: 'secure' });
    site.close();
  });

  it('inspects a task that another client of the tenant sent, without its content', async () => {
    const agent = await setting.registry.agents.find(tenant.caller.tenant.id, 'by-card');
    const taskUuid = '01920000-0000-7000-8000-0000000000aa';
    const ids = [tenant.caller.tenant.id.slice(4), taskUuid];
    await setting.registry.rows(
      `insert into colloquy.tasks (tenant_id, task_id, context_id, agent_id, instance_id, owner_id, request_id, state, status_at,
         last_seq, attempt, reserved_microcredits, decision, error_code, created_at)
       values ($1, $2, 'ctx', $3, $3, 'cli_owner', 'req_1', 'failed', now(), 2, 1, 100, '{"reason":"only-instance"}',
         'upstream.timeout', now())`,
      ...ids,
      agent?.agentId.slice(4),
    );
    await setting.registry.rows(
      `insert into colloquy.task_events (tenant_id, task_id, seq, kind, payload)
       values ($1, $2, 1, 'task', '"private words"'), ($1, $2, 2, 'status', '"private words"')`,
      ...ids,
    );
    const task = `tsk_${taskUuid.replaceAll('-', '')}`;
    const inspected = await use('inspectTask', { task });
    assert.deepEqual(
      [inspected['agent'], inspected['state'], inspected['errorCode'], inspected['lastSeq']],
      ['by-card', 'failed', 'upstream.timeout', 2],
    );
    const log = (body: Record<string, unknown>): unknown[] =>
      (body['events'] as { seq: number }[]).map(({ seq }) => seq);
    assert.deepEqual(log(inspected), [1, 2]);
    assert.deepEqual(log(await use('inspectTask', { task, query: '?afterSeq=1' })), [2]);
    assert.doesNotMatch(JSON.stringify(inspected), /private/);
    const listed = itemsOf(await use('listTasks', { query: '?agent=by-card' }));
    assert.deepEqual(
      listed.map(({ taskId, state, settledMicrocredits }) => [taskId, state, settledMicrocredits]),
      [[task, 'failed', 0]],
    );
    assert.doesNotMatch(JSON.stringify(listed), /private/);
  });

  it('lists the audit entries of all this, oldest first, in pages and by resource', async () => {
    const actions: unknown[] = [];
    let after = '';
    do {
      const page = await use('listAuditEntries', { query: `?limit=3${after}` });
      actions.push(...itemsOf(page).map(({ action, outcome }) => `${String(action)} ${String(outcome)}`));
      after = typeof page['next'] === 'string' ? `&after=${page['next']}` : '';
    } while (after !== '');
    assert.deepEqual(actions, [
      'tenant.created succeeded',
      'client.created succeeded',
      'client.created succeeded',
      'client.revoked succeeded',
      'person.created succeeded',
      'person.link-created succeeded',
      'person.created refused',
      'person.link-created succeeded',
      'person.disabled succeeded',
      'client.sign-in-set succeeded',
      'api-key.created succeeded',
      'api-key.revoked succeeded',
      'issuer.registered succeeded',
      'issuer.changed succeeded',
      'issuer.removed succeeded',
      'delegation.depth-set succeeded',
      'sla.objective-set succeeded',
      'sla.objective-unset succeeded',
      'credits.granted succeeded',
      'egress.allowed succeeded',
      'egress.allowed succeeded',
      'egress.removed succeeded',
      'agent.registered succeeded',
      'agent.registered succeeded',
      'agent.keys-pinned succeeded',
      'routing.set succeeded',
      'routing.unset succeeded',
      ...policiesWalked.map((action) => `${action} succeeded`),
      'agent.deregistered succeeded',
      'agent.registered succeeded',
      'agent.deregistered succeeded',
    ]);
    const ofAgent = await use('listAuditEntries', { query: '?resource=agents/by-url' });
    assert.deepEqual(
      itemsOf(ofAgent).map((entry) => entry['action']),
      [
        'agent.registered',
        'agent.keys-pinned',
        'routing.set',
        'routing.unset',
        ...policiesWalked,
        'agent.deregistered',
      ],
    );
  });

  it('gives a client a department and a role, lists the role, and takes it away', async () => {
    const made = await use('createClient', {}, { name: 'limited', scopes: ['a2a:read'] });
    const principal = String(made['clientId']);
    const allocation = { department: 'Sales', costCenter: 'CC-1' };
    assert.deepEqual(await use('allocateClient', { client: principal }, allocation), allocation);
    const granted = await use('createGrant', {}, { principal, role: 'auditor' });
    const again = await use('createGrant', {}, { principal, role: 'auditor' });
    assert.equal(again['grantId'], granted['grantId'], 'the same role at the same place is held once');
    assert.deepEqual(itemsOf(await use('listGrants', { query: `?principal=${principal}` })), [granted]);
    await use('removeGrant', { grant: String(granted['grantId']) });
    assert.deepEqual(itemsOf(await use('listGrants', {})), []);
  });

  it('stops a client, an agent and the tenant, says why, and lets them go on', async () => {
    const made = await use('createClient', {}, { name: 'runaway', scopes: ['a2a:read'] });
    const principal = String(made['clientId']);
    const { name: agent } = itemsOf(await use('listAgents', {}))[0] ?? {};
    await use('stopPrincipal', { principal }, { reason: 'it loops' });
    await use('stopAgent', { agent: String(agent) }, { reason: 'it lies' });
    await use('stopTenant', {}, { reason: 'it does not pay' }, setting.operator);
    const shown = itemsOf(await use('listStops', {}, undefined, setting.operator));
    assert.deepEqual(
      shown.map(({ kind, name, reason }) => [kind, name, reason]),
      [
        ['agent', agent, 'it lies'],
        ['principal', principal, 'it loops'],
        ['tenant', undefined, 'it does not pay'],
      ],
    );
    await use('resumeTenant', {}, undefined, setting.operator);
    await use('resumePrincipal', { principal });
    await use('resumeAgent', { agent: String(agent) });
    assert.deepEqual(itemsOf(await use('listStops', {})), []);
  });

  it('lists deliveries, replays one, and shows the secret of its signature', async () => {
    await seedDelivery(setting.registry, { tenantId: tenant.caller.tenant.id });
    const [told] = itemsOf(await use('listDeliveries', {}));
    const delivery = String(told?.['deliveryId']);
    assert.equal(told?.['state'], 'delivered');
    const again = await use('replayDelivery', { delivery });
    assert.deepEqual([again['deliveryId'], again['state']], [delivery, 'replaying']);
    const secret = String((await use('showSigningSecret', { delivery }))['signingSecret']);
    assert.match(secret, /^whsec_/);
    const rotated = await use('rotateSigningSecret', { delivery }, { overlapMs: 60_000 });
    assert.notEqual(rotated['signingSecret'], secret);
    assert.equal((await use('showSigningSecret', { delivery }))['signingSecret'], rotated['signingSecret']);
  });

  /** Policies of a tenant for an agent: resilience, cache and objective. */
  async function walkPolicies(agent: string): Promise<void> {
    const policy = { taskMs: 5_000, fallback: ['by-card'] };
    assert.deepEqual(holds(await use('setResiliencePolicy', { agent }, policy), policy), policy);
    const [set] = itemsOf(await use('listResiliencePolicies', {}));
    assert.deepEqual(holds(set ?? {}, { agent, ...policy }), { agent, ...policy });
    await use('unsetResiliencePolicy', { agent });
    assert.deepEqual(itemsOf(await use('listResiliencePolicies', {})), []);
    const cachePolicy = { sharedBy: 'tenant', hitPricePercent: 20, staleMs: 1_000, on: true };
    assert.deepEqual(await use('setResultTerms', { agent }, cachePolicy), cachePolicy);
    const [said] = itemsOf(await use('listResultTerms', {}));
    assert.deepEqual(holds(said ?? {}, { agent, ...cachePolicy }), { agent, ...cachePolicy });
    await use('purgeResults', { agent });
    await use('unsetResultTerms', { agent });
    assert.deepEqual(itemsOf(await use('listResultTerms', {})), []);
    await walkObjectives(agent);
  }

  /** What is promised of an agent, and the report of how it is kept. */
  async function walkObjectives(agent: string): Promise<void> {
    const objective = { availabilityPercent: 99.95, latencyMs: 2_000, latencyPercent: 97.5 };
    const set = await use('setAgentObjective', { agent }, objective);
    assert.deepEqual(holds(set, objective), objective);
    const listed = await use('listObjectives', {});
    assert.deepEqual(holds(itemsOf(listed)[0] ?? {}, { agent, ...objective }), { agent, ...objective });
    const report = await use('readSlaReport', { query: `?agent=${agent}` });
    assert.deepEqual(holds(itemsOf(report)[0] ?? {}, { agent, tasks: 0 }), { agent, tasks: 0 });
    await use('unsetAgentObjective', { agent });
    assert.deepEqual(itemsOf(await use('listObjectives', {})), []);
  }

  it('was walked through whole, here or in the test of a resource', async () => {
    const folder = new URL('.', import.meta.url);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.it.test.ts'));
    const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
    // Sealed entries need a sealer, and credentials of clients a token endpoint: their tests call them by their paths.
    const isElsewhere = ({ id, operation, path }: (typeof adminEndpoints)[number]): boolean =>
      operation.startsWith('client-') || path.includes('/audit/') || texts.some((text) => text.includes(`use('${id}'`));
    const left = adminEndpoints.filter((endpoint) => !walker.walked.has(endpoint.id) && !isElsewhere(endpoint));
    assert.deepEqual(
      left.map(({ id }) => id),
      [],
    );
  });
});
