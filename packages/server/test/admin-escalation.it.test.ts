/**
 * Guarantee: no client gets rights beyond its own through the admin API.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestAuthority } from '@colloquy/testkit';
import { startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';

describe('a client that may write clients and nothing else', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let weak: string;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    weak = await tenant.token(['clients:write']);
  });
  after(() => setting[Symbol.asyncDispose]());

  const means = (): Promise<unknown> =>
    setting.registry.rows(
      `select (select count(*)::int from colloquy.oauth_client_secrets s where s.tenant_id = t.tenant_id) as secrets,
        (select count(*)::int from colloquy.client_authorities a where a.tenant_id = t.tenant_id) as authorities,
        (select json_agg(p order by p::text) from colloquy.people p where p.tenant_id = t.tenant_id) as people
       from colloquy.tenants t where t.slug = $1`,
      tenant.slug,
    );

  async function assertRefused(path: string, json?: object): Promise<void> {
    const before = await means();
    const call = { token: weak, ...(json === undefined ? {} : { json }) };
    const { status, body } = await setting.call('POST', `/tenants/${tenant.slug}${path}`, call);
    assert.deepEqual([status, body['code']], [403, 'access.scope-missing']);
    assert.deepEqual(await means(), before);
  }

  it('gets no secret of a client that may do more', () => assertRefused(`/clients/${tenant.clientId}/secrets`, {}));

  it('gets a secret of a client that may do no more', async () => {
    const path = `/tenants/${tenant.slug}/clients`;
    const made = await setting.call('POST', path, { token: weak, json: { name: 'weak', scopes: ['clients:write'] } });
    const secrets = `${path}/${String(made.body['clientId'])}/secrets`;
    assert.equal((await setting.call('POST', secrets, { token: weak, json: {} })).status, 201);
  });

  it('gets no password link of a person who may do more', async () => {
    const json = { loginName: 'boss', scopes: ['a2a:send'] };
    const made = await setting.call('POST', `/tenants/${tenant.slug}/people`, { token: await tenant.token(), json });
    assert.equal(made.status, 201, made.text);
    await assertRefused(`/people/${String(made.body['personId'])}/password-links`);
  });

  it('cannot set up sign-in for a client with more rights', async () => {
    const path = `/tenants/${tenant.slug}/clients/${tenant.clientId}/sign-in`;
    const json = { redirectUris: ['https://thief.example/back'], public: true };
    const { status, body } = await setting.call('PUT', path, { token: weak, json });
    assert.deepEqual([status, body['code']], [403, 'access.scope-missing']);
    const led = `select client_id from colloquy.sign_in_clients where client_id = $1`;
    assert.deepEqual(await setting.registry.rows(led, tenant.clientId), []);
  });

  it('cannot limit an operator by a grant, which the operator could not undo', async () => {
    const path = `/tenants/${setting.operator.slug}/grants`;
    const token = await setting.operator.token();
    const json = { principal: setting.operator.clientId, role: 'auditor' };
    const { status, body } = await setting.call('POST', path, { token, json });
    assert.deepEqual([status, body['code']], [400, 'request.invalid']);
    assert.deepEqual(
      await setting.registry.rows(`select grant_id from colloquy.grants where principal_id = $1`, json.principal),
      [],
    );
  });

  it('lets no authority of its own vouch for clients that may do more', async () => {
    const { certificate } = await createTestAuthority();
    await assertRefused('/client-authorities', { name: 'mine', certificate });
  });
});
