/** Guarantee: a tenant's clients are its own, hold no more than was granted, and are out everywhere within seconds once revoked. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase, FakeClock } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { PlatformError } from '../src/kernel/errors.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { listClients } from '../src/modules/access/index.ts';
import { createAuthorizationRecordStore } from '../src/adapters/postgres/access/authorization-record-store.ts';
import { callerWith, rowsOf, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';

interface AuditRow {
  readonly action: string;
  readonly outcome: string;
  readonly resource: string;
  readonly actor_id: string;
  readonly facts: Readonly<Record<string, string>>;
}

describe('clients', () => {
  let database: TestDatabase;
  const clock = new FakeClock();
  let one: AccessProcess;
  let two: AccessProcess;
  let made = 0;

  const newTenant = async (): Promise<{ id: TenantId; slug: string }> => {
    const slug = `tenant-${(made += 1)}`;
    return { id: await one.createTenant(slug), slug };
  };
  const adminOf = (tenant: { id: TenantId; slug: string }, scopes = ['clients:write', 'a2a:send', 'a2a:read']) =>
    callerWith(tenant, scopes, 'oauth-client');
  const auditOf = (tenant: { id: TenantId }) =>
    rowsOf<AuditRow>(
      database,
      `select action, outcome, resource, actor_id, facts from colloquy.audit_entries
       where tenant_id = '${tenant.id.slice(4)}' and action like 'client.%' order by occurred_at`,
    );
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof PlatformError ? error.code : String(error)),
    );

  before(async () => {
    database = await createTestDatabase();
    [one, two] = await Promise.all([startAccessProcess(database, { clock }), startAccessProcess(database, { clock })]);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it('of processes that start together are judged with one key', async () => {
    assert.equal(one.ring.current.kid, two.ring.current.kid);
    assert.equal((await rowsOf(database, 'select kid from colloquy.signing_keys')).length, 1);
    const tenant = await newTenant();
    const client = await one.createClient(adminOf(tenant), { tenantId: tenant.id, name: 'a', scopes: ['a2a:read'] });
    assert.equal((await two.whoAmI(`Bearer ${await one.token(client)}`)).status, 200);
    assert.equal((await one.whoAmI(`Bearer ${await two.token(client)}`)).status, 200);
  });

  it('are refused in every process within the cache time of their revocation, and get no more tokens', async () => {
    const tenant = await newTenant();
    const client = await one.createClient(adminOf(tenant), { tenantId: tenant.id, name: 'a', scopes: ['a2a:read'] });
    const bearer = `Bearer ${await one.token(client)}`;
    for (const process of [one, two]) assert.equal((await process.whoAmI(bearer)).status, 200);
    await one.revokeClient(adminOf(tenant), tenant.id, client.client.clientId);
    assert.equal((await one.requestToken(client)).status, 401);
    for (const process of [one, two]) assert.equal((await process.whoAmI(bearer)).status, 200, 'the cache still holds');
    await clock.advance(limits.tokenCacheMs);
    for (const process of [one, two]) assert.equal((await process.whoAmI(bearer)).status, 401);
    await one.revokeClient(adminOf(tenant), tenant.id, client.client.clientId);
    const entries = (await auditOf(tenant)).map(({ action, outcome, resource }) => [action, outcome, resource]);
    const resource = `clients/${client.client.clientId}`;
    assert.deepEqual(entries, [
      ['client.created', 'succeeded', resource],
      ['client.revoked', 'succeeded', resource],
    ]);
  });

  it('get only scopes that their creator holds, and never those of operators', async () => {
    const tenant = await newTenant();
    const create = (scopes: readonly string[], by = adminOf(tenant)) =>
      codeOf(one.createClient(by, { tenantId: tenant.id, name: `c${(made += 1)}`, scopes }));
    assert.equal(await create(['a2a:send', 'a2a:read']), 'done');
    assert.equal(await create(['agents:write']), 'access.scope-missing');
    assert.equal(await create(['a2a:send', 'audit:read']), 'access.scope-missing');
    for (const scopes of [[], ['platform:operate'], ['a2a:*'], ['a2a:send a2a:read'], ['openid']]) {
      assert.equal(
        await create(scopes, callerWith(tenant, ['platform:operate', ...scopes], 'operator')),
        'request.invalid',
      );
    }
    assert.equal(
      await create(['agents:write'], callerWith(tenant, ['platform:operate', 'clients:write'], 'operator')),
      'done',
    );
    assert.equal(
      await create(['agents:write'], callerWith(tenant, ['platform:operate'], 'oauth-client')),
      'access.scope-missing',
    );
    assert.equal(
      (await rowsOf(database, `select from colloquy.oauth_clients where tenant_id = '${tenant.id.slice(4)}'`)).length,
      2,
    );
  });

  it('have names of their own in a tenant; a refusal changes nothing and leaves its entry', async () => {
    const tenant = await newTenant();
    const other = await newTenant();
    const client = { name: 'worker', scopes: ['a2a:read'] };
    const first = await one.createClient(adminOf(tenant), { tenantId: tenant.id, ...client });
    assert.equal(
      await codeOf(one.createClient(adminOf(tenant), { tenantId: tenant.id, ...client })),
      'access.client-exists',
    );
    assert.equal(await codeOf(one.createClient(adminOf(other), { tenantId: other.id, ...client })), 'done');
    for (const name of ['', ' ', 'x'.repeat(201), 'a\u0000b', 'a\ud800']) {
      const wrong = one.createClient(adminOf(tenant), { tenantId: tenant.id, name, scopes: ['a2a:read'] });
      assert.equal(await codeOf(wrong), 'request.invalid');
    }
    const [created, refused] = await auditOf(tenant);
    assert.deepEqual([created?.outcome, refused?.outcome, (await auditOf(tenant)).length], ['succeeded', 'refused', 2]);
    const proof = { authentication: 'client_secret_basic', tokenBinding: 'none' };
    const { name, ...plain } = created?.facts ?? {};
    assert.deepEqual(plain, { kind: 'oauth-client', scopes: 'a2a:read', ...proof });
    assert.match(String(name), new RegExp(`^sealed:1:${first.client.clientId}:`));
    assert.equal(created?.actor_id, 'cli_test');
    assert.equal(JSON.stringify(await auditOf(tenant)).includes(first.clientSecret), false);
  });

  it('of another tenant can not be seen or revoked, and look like none', async () => {
    const tenant = await newTenant();
    const other = await newTenant();
    const { client } = await one.createClient(adminOf(tenant), {
      tenantId: tenant.id,
      name: 'a',
      scopes: ['a2a:read'],
    });
    const revoke = (clientId: string) => codeOf(one.revokeClient(adminOf(other), other.id, clientId));
    assert.equal(await revoke(client.clientId), 'access.client-unknown');
    assert.equal(await revoke(`cli_${'0'.repeat(32)}`), 'access.client-unknown');
    for (const id of ['', 'cli_', "' or true --", 'cli_\u0000'])
      assert.equal(await revoke(id), 'access.client-unknown');
    const list = listClients({ clients: one.clients });
    assert.deepEqual((await list(adminOf(other), { tenantId: other.id, after: null, limit: 10 })).items, []);
    const [row] = await rowsOf<{ revoked_at: Date | null }>(
      database,
      `select revoked_at from colloquy.oauth_clients where client_id = '${client.clientId}'`,
    );
    assert.equal(row?.revoked_at, null);
    assert.deepEqual(await auditOf(other), []);
  });

  it('are listed page by page, oldest first, without their secrets', async () => {
    const tenant = await newTenant();
    for (const name of ['a', 'b', 'c']) {
      await one.createClient(adminOf(tenant), { tenantId: tenant.id, name, scopes: ['a2a:read'] });
      await clock.advance(1);
    }
    const list = listClients({ clients: one.clients });
    const first = await list(adminOf(tenant), { tenantId: tenant.id, after: null, limit: 2 });
    const second = await list(adminOf(tenant), { tenantId: tenant.id, after: first.next, limit: 2 });
    assert.deepEqual(
      [...first.items, ...second.items].map(({ name }) => name),
      ['a', 'b', 'c'],
    );
    assert.equal(second.next, null);
    assert.doesNotMatch(JSON.stringify([first, second]), /cls_|hash|secretId/i);
    assert.equal(await codeOf(list(adminOf(tenant), { tenantId: tenant.id, after: 'x', limit: 2 })), 'request.invalid');
  });

  it('that are operators are made without a caller and hold every right', async () => {
    const tenant = await newTenant();
    const operator = await one.createOperator(tenant.id);
    const who = (await (await one.whoAmI(`Bearer ${await one.token(operator)}`)).json()) as {
      principal: object;
      scopes: string[];
    };
    assert.deepEqual(who.principal, { kind: 'operator', id: operator.client.clientId });
    assert.ok(who.scopes.includes('platform:operate'));
    assert.deepEqual(
      (await auditOf(tenant)).map(({ actor_id }) => actor_id),
      ['platform'],
    );
  });

  it('are neither accepted nor an error of ours while the database is away', async () => {
    const tenant = await newTenant();
    const client = await one.createClient(adminOf(tenant), { tenantId: tenant.id, name: 'a', scopes: ['a2a:read'] });
    const bearer = `Bearer ${await one.token(client)}`;
    const lonely = await startAccessProcess(database, { clock });
    assert.equal((await lonely.whoAmI(bearer)).status, 200);
    await lonely.pool.end();
    await clock.advance(limits.tokenCacheMs);
    for (const authorization of [bearer, `Bearer ${await one.token(client)}`]) {
      const answer = await lonely.whoAmI(authorization);
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '1']);
      assert.equal(((await answer.json()) as { code: string }).code, 'platform.unavailable');
    }
    assert.equal((await lonely.whoAmI('Bearer x.y.z')).status, 401);
    const token = await lonely.requestToken(client);
    assert.deepEqual(
      [token.status, token.headers.get('retry-after'), await token.text()],
      [503, '1', '{"error":"temporarily_unavailable"}'],
    );
    await lonely.http[Symbol.asyncDispose]();
  });
});

describe('records of the authorization server', () => {
  it('are found until their time has passed, in every process, and go with their grant', async () => {
    await using database = await createTestDatabase();
    await using process = await startAccessProcess(database);
    const records = createAuthorizationRecordStore(process.pool);
    await records.save('Grant', 'a', { grantId: 'g', n: 1 }, 60);
    await records.save('Grant', 'a', { grantId: 'g', n: 2 }, 60);
    await records.save('Other', 'a', { n: 3 }, undefined);
    assert.deepEqual(await records.find('Grant', 'a'), { grantId: 'g', n: 2 });
    await records.consume('Grant', 'a');
    assert.equal(typeof (await records.find('Grant', 'a'))?.['consumed'], 'number');
    await database.setClockOffset(61_000);
    assert.equal(await records.find('Grant', 'a'), null);
    assert.deepEqual(await records.find('Other', 'a'), { n: 3 });
    await records.removeGrant('g');
    await records.remove('Other', 'a');
    assert.deepEqual(await rowsOf(database, 'select * from colloquy.oidc_records'), []);
  });
});
