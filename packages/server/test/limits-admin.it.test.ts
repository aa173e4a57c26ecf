/**
 * Guarantee: the operator sets what a tenant may use, the tenant sets what its clients and agents may use of it, and no client
 * else says anything (T03, T04).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import { startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

const echoCard = {
  name: 'Echo',
  description: 'Says it again',
  version: '1',
  supportedInterfaces: [{ url: 'http://127.0.0.1:41999/', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: {},
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
};

let setting: AdminSetting;
let tenant: Actor;
let walker: AdminWalker;
before(async () => {
  setting = await startAdminSetting();
  tenant = await setting.newTenant();
  walker = new AdminWalker(setting, tenant);
});
after(() => setting[Symbol.asyncDispose]());

const put = async (path: string, json: object, actor = tenant) =>
  setting.call('PUT', `/tenants/${tenant.slug}${path}`, { token: await actor.token(), json });
const limits = async () => itemsOf(await walker.use('listLimits', {}));

describe('limits of a tenant', () => {
  it('are set by an operator, and bound what the tenant gives to its clients', async () => {
    const ofTenant = { requestsPerSecond: 50, burstRequests: 100, sendsPerDay: 1_000 };
    assert.deepEqual(await walker.use('setTenantLimit', {}, ofTenant, setting.operator), ofTenant);
    const tooMuch = await put(`/clients/${tenant.clientId}/limit`, { requestsPerSecond: 51, sendsPerDay: 1_001 });
    assert.equal(tooMuch.status, 400);
    assert.deepEqual(
      (tooMuch.body['violations'] as { field: string }[]).map(({ field }) => field),
      ['requestsPerSecond', 'sendsPerDay'],
    );
    const ofClient = { requestsPerSecond: 5, sendsPerMonth: 30 };
    assert.deepEqual(await walker.use('setClientLimit', { client: tenant.clientId }, ofClient), ofClient);
    const [first, second, ...more] = await limits();
    assert.deepEqual([first?.['subject'], first?.['id'], first?.['requestsPerSecond']], ['client', tenant.clientId, 5]);
    assert.deepEqual([second?.['subject'], second?.['burstRequests'], more.length], ['tenant', 100, 0]);
  });

  it('are nothing that a client of the tenant could set, whatever its scopes are', async () => {
    const before = await limits();
    const refused = await put('/limit', { requestsPerSecond: 1_000_000 });
    assert.equal(refused.status, 403);
    assert.deepEqual(await limits(), before);
  });

  it('are replaced whole, and taken back', async () => {
    await walker.use('setClientLimit', { client: tenant.clientId }, { burstRequests: 3 });
    const [ofClient] = await limits();
    assert.deepEqual([ofClient?.['burstRequests'], ofClient?.['requestsPerSecond']], [3, undefined]);
    await walker.use('unsetClientLimit', { client: tenant.clientId });
    await walker.use('unsetTenantLimit', {}, undefined, setting.operator);
    assert.deepEqual(await limits(), []);
    const gone = await setting.call('DELETE', `/tenants/${tenant.slug}/clients/${tenant.clientId}/limit`, {
      token: await tenant.token(),
    });
    assert.deepEqual([gone.status, gone.body['code']], [404, 'limits.unknown']);
  });

  it('are for clients and agents that the tenant has: those of others look as if there were none', async () => {
    const other = await setting.newTenant();
    const known = await limits();
    const foreign = await put(`/clients/${other.clientId}/limit`, { burstRequests: 1 });
    const missing = await put(`/clients/cli_${'0'.repeat(32)}/limit`, { burstRequests: 1 });
    assert.deepEqual([foreign.status, foreign.body['code']], [404, 'access.client-unknown']);
    assert.deepEqual([missing.status, missing.body['code']], [404, 'access.client-unknown']);
    const agent = await put('/agents/missing/limit', { burstRequests: 1 });
    assert.deepEqual([agent.status, agent.body['code']], [404, 'registry.agent-unknown']);
    const outsider = await put(`/clients/${tenant.clientId}/limit`, { burstRequests: 1 }, other);
    assert.deepEqual([outsider.status, outsider.body['code']], [404, 'tenancy.tenant-unknown']);
    assert.deepEqual(await limits(), known);
  });

  it('take numbers that make sense, and leave an audit entry for each change', async () => {
    for (const json of [
      {},
      { burstRequests: 0 },
      { burstRequests: 1.5 },
      { requestsPerSecond: 0 },
      { sendsPerDay: -1 },
    ]) {
      assert.equal((await put(`/clients/${tenant.clientId}/limit`, json)).status, 400, JSON.stringify(json));
    }
    assert.equal((await put(`/clients/${tenant.clientId}/limit`, { tenantId: 'x', burstRequests: 1 })).status, 400);
    const audit = await setting.call('GET', `/tenants/${tenant.slug}/audit`, { token: await tenant.token() });
    const acts = itemsOf(audit.body).map((entry) => `${String(entry['action'])} ${String(entry['outcome'])}`);
    assert.deepEqual(
      acts.filter((act) => act.startsWith('limit.')),
      [
        'limit.set succeeded',
        'limit.set succeeded',
        'limit.set succeeded',
        'limit.unset succeeded',
        'limit.unset succeeded',
        'limit.set refused',
        'limit.set refused',
        'limit.set refused',
      ],
    );
  });

  it('are walked through whole', async () => {
    const agent = 'echo';
    await walker.use('registerAgent', {}, { name: agent, card: echoCard });
    await walker.use('setAgentLimit', { agent }, { requestsPerSecond: 2 });
    await walker.use('unsetAgentLimit', { agent });
    const here = adminEndpoints.filter(({ operation }) => /^(limit|tenant-limit)/.test(operation));
    walker.walked.delete('registerAgent');
    assert.deepEqual([...walker.walked].toSorted(), here.map(({ id }) => id).toSorted());
  });
});
