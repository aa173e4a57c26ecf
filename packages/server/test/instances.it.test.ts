/**
 * Guarantee: an agent runs at several places at once. An instance takes new tasks exactly for as long as the client that placed it, its lease
 * and the operators allow it. No client acts for the instance of another agent. A task is never taken from the instance that works on it.
 * Spec: docs/specs/instances.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@colloquy/protocol';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { InstanceId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import { card as plainCard, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminAnswer, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

const home = 'http://127.0.0.1:9001/a2a';
const second = 'http://127.0.0.1:9002/a2a';

describe('instances of an agent', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let walker: AdminWalker;
  let agents = 0;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
  });
  after(() => setting[Symbol.asyncDispose]());

  /** A new agent, at home. */
  async function newAgent(more: object = {}): Promise<string> {
    agents += 1;
    const name = `agent-${String(agents)}`;
    const interfaces = [{ url: home, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }];
    const card = { ...(plainCard as unknown as JsonObject), supportedInterfaces: interfaces };
    await walker.use('registerAgent', {}, { name, card, ...more });
    return name;
  }

  const call = async (method: string, path: string, json?: object, actor: Actor = tenant): Promise<AdminAnswer> =>
    setting.call(method, `/tenants/${tenant.slug}/agents/${path}`, {
      token: await actor.token(),
      ...(json === undefined ? {} : { json }),
    });
  const list = async (agent: string): Promise<Record<string, unknown>[]> =>
    itemsOf(await walker.use('listInstances', { agent }));
  const add = (agent: string, more: object = {}): Promise<Record<string, unknown>> =>
    walker.use('registerInstance', { agent }, { url: second, ...more });
  const serve = (agent: string, url = second): Promise<Record<string, unknown>> =>
    walker.use('serveInstance', { agent }, { url, leaseMs: 5_000 });
  const idOf = (instance: Record<string, unknown>): string => String(instance['instanceId']);

  /** Where new tasks of an agent may go, as every process reads it. */
  async function open(agent: string): Promise<string[]> {
    const route = await createRouteStore(setting.registry.pool).findByName(tenant.caller.tenant.id, agent);
    return (route?.instances ?? []).flatMap(({ url, admission }) => (admission === 'active' ? [url] : [])).toSorted();
  }
  /** Where tasks that run may still be found. */
  async function known(agent: string): Promise<string[]> {
    const route = await createRouteStore(setting.registry.pool).findByName(tenant.caller.tenant.id, agent);
    return (route?.instances ?? []).map(({ url }) => url).toSorted();
  }
  /** Lets the lease of an instance end. */
  const endLease = (instanceId: string): Promise<unknown> =>
    setting.registry.rows(
      `update colloquy.instance_leases set lease_until = now() - interval '1 millisecond' where instance_id = $1`,
      uuidOf(instanceId as InstanceId),
    );
  const audited = async (resource: string): Promise<string[]> =>
    itemsOf(await walker.use('listAuditEntries', { query: `?resource=${resource}` })).map(
      ({ action, outcome }) => `${String(action)} ${String(outcome)}`,
    );

  it('are registered by the card and through the API, each with its own settings, and each address once', async () => {
    const agent = await newAgent();
    const added = await add(agent, { version: '2.0', region: 'eu-1', slotsMax: 4, weight: 10 });
    assert.deepEqual(
      [added['source'], added['version'], added['region'], added['slotsMax'], added['weight'], added['url']],
      ['api', '2.0', 'eu-1', 4, 10, second],
    );
    assert.deepEqual(
      (await list(agent)).map(({ source, weight, health }) => [source, weight, (health as JsonObject)['state']]),
      [
        ['card', 100, 'unknown'],
        ['api', 10, 'unknown'],
      ],
    );
    assert.deepEqual(await open(agent), [home, second]);
    const again = await call('POST', `${agent}/instances`, { url: second });
    assert.deepEqual([again.status, again.body['code']], [409, 'registry.instance-exists']);
    assert.equal((await list(agent)).length, 2);
  });

  it('change their weight and settings, and keep the fields that are not named', async () => {
    const agent = await newAgent();
    const instance = idOf(await add(agent, { version: '2.0', region: 'eu-1' }));
    const changed = await walker.use('changeInstance', { agent, instance }, { weight: 0, region: null });
    assert.deepEqual([changed['weight'], changed['region'], changed['version']], [0, undefined, '2.0']);
    const bad = [{ weight: 1_001 }, { weight: -1 }, { region: 'EU 1' }, {}, { url: home }, { slotsMax: 0 }];
    for (const json of bad)
      assert.equal((await call('PUT', `${agent}/instances/${instance}`, json)).status, 400, JSON.stringify(json));
    assert.equal((await walker.use('getInstance', { agent, instance }))['weight'], 0);
    assert.deepEqual(await audited(`instances/${instance}`), ['instance.changed succeeded']);
  });

  it('INSTANCE-4 that drain or left get no new task, are still found by their open tasks, and return under their id', async () => {
    const agent = await newAgent();
    const instance = idOf(await add(agent));
    const drained = await walker.use('drainInstance', { agent, instance }, { reason: 'upgrade' });
    assert.equal((drained['admission'] as JsonObject)['state'], 'draining');
    assert.deepEqual([await open(agent), await known(agent)], [[home], [home, second]]);
    await walker.use('undrainInstance', { agent, instance });
    assert.deepEqual(await open(agent), [home, second]);
    await walker.use('drainInstance', { agent, instance }, {});
    await walker.use('removeInstance', { agent, instance });
    assert.deepEqual([await open(agent), await known(agent)], [[home], [home, second]]);
    assert.equal((await list(agent)).length, 1);
    assert.equal((await call('GET', `${agent}/instances/${instance}`)).status, 404);
    assert.equal(idOf(await add(agent)), instance);
    assert.deepEqual(await open(agent), [home, second]);
    const events = itemsOf(await walker.use('listInstanceEvents', { agent, instance }));
    assert.deepEqual(
      events.map(({ kind, state, actor }) => [kind, state ?? null, actor]).toReversed(),
      [
        ['registered', null],
        ['admission', 'draining'],
        ['admission', 'active'],
        ['admission', 'draining'],
        ['left', null],
        ['registered', null],
      ].map((event) => [...event, tenant.clientId]),
    );
  });

  it('INSTANCE-3 in quarantine are released only by a caller that may approve agents, and not by registering again', async () => {
    const agent = await newAgent();
    const instance = idOf(await serve(agent));
    for (const json of [{}, { reason: '' }, { reason: ' \u200b\n' }])
      assert.equal((await call('PUT', `${agent}/instances/${instance}/quarantine`, json)).status, 400);
    const held = await walker.use('quarantineInstance', { agent, instance }, { reason: 'it answers nonsense' });
    const { state, reason, by } = held['admission'] as JsonObject;
    assert.deepEqual([state, reason, by], ['quarantined', 'it answers nonsense', tenant.clientId]);
    assert.deepEqual(await open(agent), [home]);
    const undrained = await call('DELETE', `${agent}/instances/${instance}/drain`);
    assert.deepEqual([undrained.status, undrained.body['code']], [409, 'registry.instance-quarantined']);
    await walker.use('leaveInstance', { agent, instance });
    assert.equal(idOf(await serve(agent)), instance);
    assert.deepEqual(await open(agent), [home]);
    const developer = await tenant.token(['agents:write', 'agents:serve']);
    const released = await setting.call(
      'DELETE',
      `/tenants/${tenant.slug}/agents/${agent}/instances/${instance}/quarantine`,
      { token: developer },
    );
    assert.equal(released.status, 403);
    assert.deepEqual(await open(agent), [home]);
    await walker.use('releaseInstance', { agent, instance });
    assert.deepEqual(await open(agent), [home, second]);
    const entries = await audited(`instances/${instance}`);
    assert.ok(entries.includes('instance.quarantined succeeded') && entries.includes('instance.admitted refused'));
  });

  it('INSTANCE-1 with a lease are routed to until it expires, before any worker judges it, and again after a heartbeat', async () => {
    const agent = await newAgent();
    const instance = idOf(await serve(agent));
    assert.deepEqual(await open(agent), [home, second]);
    await endLease(instance);
    assert.deepEqual([await open(agent), await known(agent)], [[home], [home, second]]);
    const [, lapsed] = await list(agent);
    assert.ok(lapsed);
    assert.equal((lapsed['lease'] as JsonObject)['lapsed'], true);
    const health = await walker.use('getAgentHealth', { agent });
    assert.equal(health['available'], 1);
    const lease = await walker.use('renewInstance', { agent, instance }, {});
    assert.deepEqual([lease['leaseMs'], lease['admission']], [5_000, 'active']);
    const leftMs = Date.parse(String(lease['leaseUntil'])) - Date.now();
    assert.ok(leftMs > 3_000 && leftMs <= 5_100, String(leftMs));
    assert.deepEqual(await open(agent), [home, second]);
  });

  it('INSTANCE-2 are renewed and removed only by the principal that registered them; others get not found', async () => {
    const agent = await newAgent();
    const other = await newAgent();
    const outsider = await setting.newTenant();
    const mine = idOf(await serve(agent));
    const placedByHand = idOf(await add(agent, { url: 'http://127.0.0.1:9003/a2a' }));
    const colleague = await setting.newClient(tenant, ['agents:serve']);
    const beat = (name: string, instance: string) => `${name}/leased-instances/${instance}/heartbeat`;
    const [{ lease_until: until } = {}] = await leases();
    const refused: readonly (readonly [string, Promise<AdminAnswer>])[] = [
      ['of a colleague', call('PUT', beat(agent, mine), {}, colleague)],
      ['under another agent', call('PUT', beat(other, mine), {})],
      ['placed by hand', call('PUT', beat(agent, placedByHand), {})],
      ['of no shape', call('PUT', beat(agent, 'ins_1'), {})],
      ['unknown', call('PUT', beat(agent, setting.registry.ids.next('ins')), {})],
      ['left by a colleague', call('DELETE', `${agent}/leased-instances/${mine}`, undefined, colleague)],
    ];
    for (const [who, answer] of refused) {
      const { status, body } = await answer;
      assert.deepEqual([status, body['code']], [404, 'registry.instance-unknown'], who);
    }
    const foreign = await setting.call('PUT', `/tenants/${outsider.slug}/agents/${beat(agent, mine)}`, {
      token: await outsider.token(),
      json: {},
    });
    assert.deepEqual([foreign.status, foreign.body['code']], [404, 'registry.instance-unknown']);
    const across = await call('PUT', beat(agent, mine), {}, outsider);
    assert.equal(across.status, 404);
    assert.deepEqual((await leases())[0]?.['lease_until'], until);
    assert.equal((await list(agent)).length, 3);

    function leases(): Promise<Record<string, unknown>[]> {
      return setting.registry.rows(
        'select lease_until from colloquy.instance_leases where instance_id = $1',
        uuidOf(mine as InstanceId),
      );
    }
  });

  it('are replaced at their address by the same principal, or after they are gone, and by no other principal before', async () => {
    const agent = await newAgent();
    const instance = idOf(await serve(agent));
    const colleague = await setting.newClient(tenant, ['agents:serve']);
    const take = (url: string): Promise<AdminAnswer> =>
      call('POST', `${agent}/leased-instances`, { url, leaseMs: 5_000 }, colleague);
    const held = await take(second);
    assert.deepEqual([held.status, held.body['code']], [409, 'registry.instance-exists']);
    assert.equal(idOf(await serve(agent)), instance);
    await endLease(instance);
    const taken = await take(second);
    assert.deepEqual([taken.status, taken.body['instanceId']], [201, instance]);
    const [, shown] = await list(agent);
    assert.deepEqual([shown?.['instanceId'], shown?.['registeredBy']], [instance, colleague.clientId]);
    assert.deepEqual(await open(agent), [home, second]);
  });

  it('INSTANCE-5 at an origin that the card does not name start in quarantine, when a card with it would need approval', async () => {
    const agent = await newAgent({ cardApproval: 'always' });
    const atHome = await serve(agent, 'http://127.0.0.1:9001/other');
    const elsewhere = await serve(agent);
    assert.equal((atHome['admission'] as JsonObject)['state'], 'active');
    const { state, reason } = elsewhere['admission'] as JsonObject;
    assert.equal(state, 'quarantined');
    assert.equal(reason, 'The card of the agent does not lead to this address.');
    assert.deepEqual(await open(agent), [home, 'http://127.0.0.1:9001/other']);
    await walker.use('releaseInstance', { agent, instance: idOf(elsewhere) });
    assert.equal(idOf(await serve(agent)), idOf(elsewhere));
    assert.deepEqual(await open(agent), [home, 'http://127.0.0.1:9001/other', second]);
  });

  it('do not return by themselves to an address that the card has left', async () => {
    const agent = await newAgent({ cardApproval: 'always' });
    const interfaces = [{ url: second, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }];
    const card = { ...(plainCard as unknown as JsonObject), supportedInterfaces: interfaces };
    await walker.use('updateCard', { agent }, { card });
    await walker.use('approveCardVersion', { agent, version: '2' });
    assert.deepEqual(await open(agent), [second]);
    const back = await serve(agent, home);
    assert.equal((back['admission'] as JsonObject)['state'], 'quarantined');
    assert.deepEqual(await open(agent), [second]);
  });

  it('INSTANCE-6 never get their agent’s credential at another origin, and are refused at a forbidden address', async () => {
    const agent = await newAgent({ credential: { kind: 'bearer', value: 'secret' } });
    const bad: readonly (readonly [object, number, string])[] = [
      [{ url: second }, 409, 'registry.credential-bound'],
      [{ url: 'http://10.0.0.1/a2a' }, 409, 'registry.credential-bound'],
      [{ url: 'file:///etc/passwd' }, 400, 'request.invalid'],
      [{ url: 'no url' }, 400, 'request.invalid'],
      [{ url: `${home}#x` }, 400, 'request.invalid'],
      [{ url: home, protocolVersion: '9.9' }, 400, 'registry.interface-unsupported'],
      [{ url: 'not an address', protocolBinding: 'GRPC' }, 400, 'registry.interface-unsupported'],
      [{ url: home, version: 'a\nb' }, 400, 'request.invalid'],
      [{ url: home, leaseMs: 1 }, 400, 'request.invalid'],
    ];
    const free = await newAgent();
    for (const [json, status, code] of bad) {
      for (const path of ['instances', 'leased-instances']) {
        const answer = await call('POST', `${agent}/${path}`, json);
        assert.deepEqual([answer.status, answer.body['code']], [status, code], JSON.stringify(json));
      }
    }
    const inside = await call('POST', `${free}/leased-instances`, { url: 'http://169.254.169.254/a2a' });
    assert.deepEqual([inside.status, inside.body['code']], [400, 'egress.refused']);
    const missing = await call('POST', 'missing/instances', { url: second });
    assert.deepEqual([missing.status, missing.body['code']], [404, 'registry.agent-unknown']);
    assert.deepEqual([await known(agent), await known(free)], [[home], [home]]);
  });

  it('are limited in number for each agent, without those that left', async () => {
    const agent = await newAgent();
    const instance = idOf(await add(agent, { url: 'http://127.0.0.1:9001/b' }));
    await setting.registry.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
       select i.tenant_id, gen_random_uuid(), i.agent_id, 'http://127.0.0.1:9001/' || n, i.binding, i.protocol_version
       from colloquy.agent_instances i, generate_series(1, $2) n where i.instance_id = $1`,
      uuidOf(instance as InstanceId),
      limits.agentInstancesMax - 2,
    );
    const over = await call('POST', `${agent}/instances`, { url: second });
    assert.deepEqual([over.status, over.body['code']], [409, 'registry.instances-too-many']);
    await walker.use('removeInstance', { agent, instance });
    await add(agent);
    assert.equal((await open(agent)).length, limits.agentInstancesMax);
    const refusals = (await audited(`agents/${agent}`)).filter((entry) => entry.endsWith('refused'));
    assert.deepEqual(refusals, ['instance.registered refused']);
  });

  it('report their health with heartbeats, and a dependency counts as they declare it', async () => {
    const agent = await newAgent();
    const instance = idOf(await serve(agent));
    const beat = (json: object) => walker.use('renewInstance', { agent, instance }, json);
    const shown = async () => {
      const { health, dependencies } = await walker.use('getInstance', { agent, instance });
      const { state, reason } = health as JsonObject;
      return [state, reason ?? null, (dependencies as object[]).length];
    };
    await beat({});
    assert.deepEqual(await shown(), ['healthy', null, 0]);
    await beat({ dependencies: [{ name: 'search', state: 'unhealthy', reason: 'timeout\u2028' }] });
    assert.deepEqual(await shown(), ['degraded', 'reported: search is unhealthy: timeout', 1]);
    await beat({ dependencies: [{ name: 'model', state: 'unhealthy', required: true }] });
    assert.deepEqual(await shown(), ['unhealthy', 'reported: model is unhealthy', 1]);
    await beat({ state: 'degraded', reason: 'x'.repeat(200) });
    const [state, reason] = await shown();
    assert.deepEqual([state, reason], ['degraded', `reported: ${'x'.repeat(limits.healthReasonCharsMax)}`]);
    await beat({});
    await beat({});
    assert.deepEqual(await shown(), ['healthy', null, 0]);
    const events = itemsOf(await walker.use('listInstanceEvents', { agent, instance }));
    const states = events.filter(({ kind }) => kind === 'health').map((event) => event['state']);
    assert.deepEqual(states.toReversed(), ['healthy', 'degraded', 'unhealthy', 'degraded', 'healthy']);
    const tooMuch = Array.from({ length: limits.instanceDependenciesMax + 1 }, () => ({ name: 'x', state: 'healthy' }));
    const answer = await call('PUT', `${agent}/leased-instances/${instance}/heartbeat`, { dependencies: tooMuch });
    assert.equal(answer.status, 400);
    assert.deepEqual(await shown(), ['healthy', null, 0]);
  });

  it('are probed by the policy of their agent', async () => {
    const agent = await newAgent();
    assert.deepEqual((await walker.use('getProbePolicy', { agent }))['own'], false);
    const policy = {
      kind: 'http',
      path: '/health',
      intervalMs: 5_000,
      timeoutMs: 500,
      unhealthyAfter: 2,
      healthyAfter: 1,
    };
    assert.deepEqual(await walker.use('setProbePolicy', { agent }, policy), { ...policy, own: true });
    const bad = [
      { ...policy, path: undefined },
      { ...policy, path: 'health' },
      { ...policy, path: '//evil.example/x' },
      { ...policy, path: '/a b' },
      { ...policy, kind: 'tcp' },
      { ...policy, timeoutMs: 6_000 },
      { ...policy, intervalMs: 1 },
    ];
    for (const json of bad) assert.equal((await call('PUT', `${agent}/probe`, json)).status, 400, JSON.stringify(json));
    assert.equal((await walker.use('getProbePolicy', { agent }))['path'], '/health');
    assert.equal((await walker.use('unsetProbePolicy', { agent }))['own'], false);
    assert.deepEqual(await audited(`agents/${agent}`), [
      'agent.registered succeeded',
      'probe.changed succeeded',
      'probe.changed succeeded',
    ]);
  });

  it('were walked through whole', () => {
    const all = adminEndpoints.filter(({ operation }) => /^(?:instance|probe|agent\.health)/.test(operation));
    assert.deepEqual(
      all.filter(({ id }) => !walker.walked.has(id)).map(({ id }) => id),
      [],
    );
  });
});
