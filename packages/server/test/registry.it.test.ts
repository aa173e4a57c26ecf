/**
 * Guarantee: an agent's name is held by one registration of its tenant, what was registered is found again exactly, a credential is
 * never readable, and a tenant sees its own agents only.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';
import { failuresAtOnce } from '../src/adapters/upstream/even-failures.ts';
import { createCardSource } from '../src/adapters/upstream/fetch-card.ts';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { limits } from '../src/kernel/limits.ts';
import { listAuditEntries } from '../src/modules/audit/index.ts';
import {
  deregisterAgent,
  findPublicCard,
  getAgent,
  getCard,
  listAgents,
  registerAgent,
  unsealCredential,
} from '../src/modules/registry/index.ts';
import type { RegisterAgentInput, RegisteredAgent } from '../src/modules/registry/index.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

const card: AgentCard = {
  name: 'Echo',
  description: 'Says it again',
  version: '1.2.3',
  supportedInterfaces: [
    { url: 'http://127.0.0.1:9001/a2a?x=1', protocolBinding: 'JSONRPC', protocolVersion: '1.0', routingTag: 'blue' },
  ],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'echo', name: 'Echo', description: 'Echoes', tags: ['test'] }],
};
const published = (shown: AgentCard): RegisterAgentInput['source'] => ({
  kind: 'document',
  card: shown,
  document: structuredClone(shown) as unknown as JsonObject,
});
const input = (name: string, overrides: Partial<RegisterAgentInput> = {}): RegisterAgentInput => ({
  name,
  source: published(card),
  priceMicrocredits: null,
  idempotent: null,
  taskMsMax: null,
  cardVisibility: null,
  credential: null,
  cardPolicy: { signatures: null, approval: null },
  extendedSkillIds: [],
  profile: null,
  ...overrides,
});

describe('the registry', () => {
  let setting: RegistrySetting;
  let register: (caller: Caller, input: RegisterAgentInput) => Promise<RegisteredAgent>;
  const publicUrl = (): string => 'https://colloquy.example';

  before(async () => {
    setting = await startRegistrySetting();
    const ranges = { allowedRanges: ['127.0.0.0/8'], allowedHosts: [], ownAddresses: () => [] };
    const guard = new EgressGuard({ ...ranges, ownPorts: () => new Set([8080]) });
    const cards = createCardSource({
      guards: { forTenant: () => Promise.resolve(guard) },
      bounds: limits,
      failures: failuresAtOnce,
    });
    register = registerAgent({
      ...setting,
      cards,
      addresses: { checkAddress: async (url) => void guard.checkUrl(url) },
      secretBox: setting.vault,
      defaultPriceMicrocredits: 250n,
    });
  });
  after(() => setting[Symbol.asyncDispose]());

  async function audited(caller: Caller): Promise<string[]> {
    const page = await listAuditEntries(setting)(caller, { after: null, limit: 100, resource: null });
    return page.items.map((entry) => `${entry.action} ${entry.resource} ${entry.outcome}`);
  }

  it('shows what was registered, with defaults for what was left out', async () => {
    const caller = await setting.newCaller();
    const registered = await register(caller, input('echo'));
    assert.deepEqual(await getAgent(setting)(caller, 'echo'), registered);
    const { agentId: _id, createdAt: _at, ...shown } = registered;
    assert.deepEqual(shown, {
      tenantId: caller.tenant.id,
      name: 'echo',
      cardVersion: 1,
      cardVisibility: 'tenant',
      priceMicrocredits: 250n,
      idempotent: false,
      taskMsMax: limits.taskMs,
      credentialKind: 'none',
      credentialHeader: null,
      registeredBy: caller.principal.id,
      title: 'Echo',
      description: 'Says it again',
      version: '1.2.3',
      streaming: true,
      skillIds: ['echo'],
      extendedSkillIds: [],
      profile: {
        department: null,
        owner: null,
        costCenter: null,
        tier: 'silver',
        slotsMax: null,
        regions: [],
        scopes: [],
        status: 'active',
        documentationUrl: null,
      },
      health: 'unknown',
      cardPolicy: { signatures: null, approval: null },
      cardSignature: { state: 'unsigned', kid: null, isKeyRevoked: false },
      pendingCardVersion: null,
    });
    assert.deepEqual(await audited(caller), [
      `tenant.created tenants/${caller.tenant.slug} succeeded`,
      'agent.registered agents/echo succeeded',
    ]);
  });

  it('gives a name to one of twenty that want it at once, and notes each refusal', async () => {
    const caller = await setting.newCaller();
    const tries = Array.from({ length: 20 }, (_, at) => register(caller, input('echo', { taskMsMax: 1000 + at })));
    const settled = await Promise.allSettled(tries);
    const winners = settled.filter((outcome) => outcome.status === 'fulfilled');
    assert.equal(winners.length, 1);
    for (const outcome of settled) {
      if (outcome.status === 'rejected')
        assert.equal((outcome.reason as { code: string }).code, 'registry.agent-exists');
    }
    assert.deepEqual(await getAgent(setting)(caller, 'echo'), winners[0]?.value);
    const entries = await audited(caller);
    assert.equal(entries.filter((entry) => entry === 'agent.registered agents/echo refused').length, 19);
    const counts = await setting.rows(
      'select (select count(*) from colloquy.agents where tenant_id = $1) as agents,' +
        ' (select count(*) from colloquy.agent_instances where tenant_id = $1) as instances',
      caller.tenant.id.slice(4),
    );
    assert.deepEqual(counts, [{ agents: 1n, instances: 1n }]);
  });

  it('keeps the name of one tenant from no other', async () => {
    const [one, other] = [await setting.newCaller(), await setting.newCaller()];
    const [first, second] = [await register(one, input('echo')), await register(other, input('echo'))];
    assert.notEqual(first.agentId, second.agentId);
    await deregisterAgent(setting)(one, 'echo');
    assert.deepEqual(await getAgent(setting)(other, 'echo'), second);
    await assert.rejects(getAgent(setting)(one, 'echo'), { code: 'registry.agent-unknown' });
  });

  it('shows nothing of another tenant, by no way of asking', async () => {
    const [owner, outsider] = [await setting.newCaller(), await setting.newCaller()];
    await register(owner, input('secret'));
    const unknown = { code: 'registry.agent-unknown' };
    await assert.rejects(getAgent(setting)(outsider, 'secret'), unknown);
    await assert.rejects(getCard({ ...setting, publicUrl })(outsider, 'secret'), unknown);
    await assert.rejects(deregisterAgent(setting)(outsider, 'secret'), unknown);
    assert.deepEqual(await listAgents(setting)(outsider, { after: null, limit: 10 }), { items: [], next: null });
    assert.equal((await getAgent(setting)(owner, 'secret')).name, 'secret');
    assert.equal((await audited(outsider)).length, 1);
  });

  it('frees a name at deregistration, for a new agent with a new identity', async () => {
    const caller = await setting.newCaller();
    const first = await register(caller, input('echo'));
    await deregisterAgent(setting)(caller, 'echo');
    await assert.rejects(deregisterAgent(setting)(caller, 'echo'), { code: 'registry.agent-unknown' });
    await assert.rejects(getCard({ ...setting, publicUrl })(caller, 'echo'), { code: 'registry.agent-unknown' });
    const second = await register(caller, input('echo', { idempotent: true }));
    assert.notEqual(second.agentId, first.agentId);
    assert.deepEqual(await getAgent(setting)(caller, 'echo'), second);
    const routes = createRouteStore(setting.pool);
    assert.equal((await routes.findByName(caller.tenant.id, 'echo'))?.agentId, second.agentId);
    assert.equal((await routes.findById(caller.tenant.id, first.agentId))?.agentId, first.agentId);
    assert.deepEqual((await audited(caller)).slice(1), [
      'agent.registered agents/echo succeeded',
      'agent.deregistered agents/echo succeeded',
      'agent.registered agents/echo succeeded',
    ]);
  });

  it('seals a credential for its agent and its origin, and never shows it', async () => {
    const caller = await setting.newCaller();
    const value = 'sk-very-secret-0123456789';
    const agent = await register(caller, input('echo', { credential: { kind: 'api-key', value, header: 'X-Key' } }));
    assert.deepEqual([agent.credentialKind, agent.credentialHeader], ['api-key', 'X-Key']);
    const route = await createRouteStore(setting.pool).findByName(caller.tenant.id, 'echo');
    assert.ok(route?.credential);
    const { sealed, origin } = route.credential;
    assert.equal(origin, 'http://127.0.0.1:9001');
    const place = { tenantId: caller.tenant.id, agentId: agent.agentId, origin };
    assert.equal(await unsealCredential(setting.vault, sealed, place), value);
    const elsewhere = { ...place, origin: 'http://127.0.0.1:9002' };
    await assert.rejects(unsealCredential(setting.vault, sealed, elsewhere), { code: 'secret.unreadable' });
    const stored = await setting.rows(
      'select row_to_json(a)::text as agent from colloquy.agents a union all select row_to_json(e)::text from colloquy.audit_entries e',
    );
    assert.doesNotMatch(JSON.stringify(stored), /very-secret/);
    assert.doesNotMatch(JSON.stringify(stored), new RegExp(Buffer.from(value).toString('hex')));
  });

  it('tells the upstream what it must know and the world only our address', async () => {
    const caller = await setting.newCaller();
    await register(caller, input('echo', { priceMicrocredits: 7n, cardVisibility: 'public' }));
    const route = await createRouteStore(setting.pool).findByName(caller.tenant.id, 'echo');
    assert.deepEqual([route?.streaming, route?.priceMicrocredits, route?.instances.length], [true, 7n, 1]);
    assert.deepEqual(
      route?.instances.map(({ url, wire, routingTag }) => ({ url, wire, routingTag })),
      [{ url: 'http://127.0.0.1:9001/a2a?x=1', wire: '1.0 JSONRPC', routingTag: 'blue' }],
    );
    const address = { tenantSlug: caller.tenant.slug, agentName: 'echo' };
    const shown = await findPublicCard({ ...setting, publicUrl })(address);
    assert.deepEqual(shown, await getCard({ ...setting, publicUrl })(caller, 'echo'));
    assert.ok(shown !== null && Math.abs(shown.lastModified.getTime() - Date.now()) < 60_000);
    assert.doesNotMatch(JSON.stringify(shown), /127\.0\.0\.1|9001|blue/);
    assert.match(JSON.stringify(shown.card.supportedInterfaces), new RegExp(`/t/${caller.tenant.slug}/agents/echo"`));
  });

  it('shows a card without a token only when its agent asked for that', async () => {
    const caller = await setting.newCaller();
    await register(caller, input('hidden'));
    const find = findPublicCard({ ...setting, publicUrl });
    assert.equal(await find({ tenantSlug: caller.tenant.slug, agentName: 'hidden' }), null);
    assert.equal(await find({ tenantSlug: caller.tenant.slug, agentName: 'missing' }), null);
    await register(caller, input('open', { cardVisibility: 'public' }));
    await deregisterAgent(setting)(caller, 'open');
    assert.equal(await find({ tenantSlug: caller.tenant.slug, agentName: 'open' }), null);
  });

  it('lists agents by name, page by page, without a gap or a repeat', async () => {
    const caller = await setting.newCaller();
    for (const name of ['e', 'b', 'd', 'a', 'c']) await register(caller, input(name));
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listAgents(setting)(caller, { after: cursor, limit: 2 });
      names.push(...page.items.map((agent) => agent.name));
      cursor = page.next;
    } while (cursor !== null);
    assert.deepEqual(names, ['a', 'b', 'c', 'd', 'e']);
  });

  it('refuses what it cannot call, and stores nothing of it', async () => {
    const caller = await setting.newCaller();
    const at = (url: string, protocolVersion = '1.0'): RegisterAgentInput['source'] =>
      published({ ...card, supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion }] });
    const refused: readonly (readonly [Partial<RegisterAgentInput>, string])[] = [
      [{ source: at('http://10.0.0.1/') }, 'egress.refused'],
      [{ source: at('http://127.0.0.1:8080/t/acme/agents/echo') }, 'egress.refused'],
      [{ source: at('http://u:p@127.0.0.1/') }, 'egress.refused'],
      [{ source: { kind: 'url', url: 'http://169.254.169.254/' } }, 'egress.refused'],
      [{ source: at('https://agent.example/', '9.9') }, 'registry.interface-unsupported'],
      [{ source: at('ftp://agent.example/') }, 'registry.card-invalid'],
      [{ priceMicrocredits: -1n }, 'request.invalid'],
    ];
    for (const [overrides, code] of refused) await assert.rejects(register(caller, input('echo', overrides)), { code });
    assert.equal((await listAgents(setting)(caller, { after: null, limit: 10 })).items.length, 0);
    assert.equal((await audited(caller)).length, 1);
  });
});
