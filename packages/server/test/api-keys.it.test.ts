/**
 * Guarantee: a key grants the rights that it was made for and nothing more, until it expires or is revoked, and is stored nowhere but by the
 * client that it was shown to (T09, T11, T40).
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { OperationAnswer } from '@colloquy/sdk/client';
import { createTestDatabase, eventually, FakeClock, startTestPlatform } from '@colloquy/testkit';
import type { TestDatabase, TestPlatform, TestTenant } from '@colloquy/testkit';
import { createRevocationStore } from '../src/adapters/postgres/access/revocation-store.ts';
import { createApiKeyStore } from '../src/adapters/postgres/api-keys/api-key-store.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { idOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { ApiKeyUses } from '../src/modules/api-keys/index.ts';
import { rowsOf } from './access-platform-fixture.ts';
import { card, withoutRequestId } from './admin-setting.ts';

type Headers = Readonly<Record<string, string>>;

describe('an API key', () => {
  let database: TestDatabase;
  let one: TestPlatform;
  let two: TestPlatform;
  let tenant: TestTenant;

  before(async () => {
    database = await createTestDatabase();
    one = await startTestPlatform({ database });
    two = await startTestPlatform({ database });
    tenant = await one.createTenant('acme');
    for (const name of ['echo', 'other']) await tenant.client.admin.registerAgent({ body: { name, card } });
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const create = (
    name: string,
    scopes: readonly string[] = ['a2a:read'],
    more: object = {},
  ): Promise<OperationAnswer<'createApiKey'>> => tenant.client.admin.createApiKey({ body: { name, scopes, ...more } });
  const get = (platform: TestPlatform, path: string, headers: Headers): Promise<Response> =>
    fetch(`${platform.url}${path}`, { headers });
  const agentsPath = '/api/v1/tenants/acme/agents';
  const statusOf = async (platform: TestPlatform, apiKey: string): Promise<number> => {
    const answer = await get(platform, agentsPath, { 'x-api-key': apiKey });
    await answer.arrayBuffer();
    return answer.status;
  };

  it('opens in both fields on every replica, and its use is written down without being asked for', async () => {
    const { apiKey, keyId } = await create('reader');
    for (const headers of [{ authorization: `Bearer ${apiKey}` }, { 'x-api-key': apiKey }]) {
      for (const platform of [one, two]) assert.equal((await get(platform, agentsPath, headers)).status, 200);
    }
    const rows = await rowsOf<{ last_used_at: Date | null; row: string }>(
      database,
      `select last_used_at, k::text as row from colloquy.api_keys k where key_id = '${keyId}'`,
    );
    assert.equal(rows[0]?.last_used_at, null, 'the request itself writes nothing');
    assert.equal(rows[0].row.includes(apiKey.slice(37, 80)), false);
    for (const platform of [one, two]) assert.doesNotMatch(platform.logLines.join('\n'), /clq_[0-9a-f]{32}_/);
  });

  it('is refused beside a token, beside itself, twice, and with the scheme of proofs, like every unauthenticated request', async () => {
    const { apiKey } = await create('double');
    const token = await tenant.client.token();
    const expected = await textOf(await get(one, agentsPath, {}));
    assert.match(expected, /^401 .*access\.unauthenticated/);
    const pairs: readonly Headers[] = [
      { authorization: `Bearer ${token}`, 'x-api-key': apiKey },
      { authorization: `Bearer ${apiKey}`, 'x-api-key': apiKey },
      { authorization: `DPoP ${apiKey}` },
      { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` },
      { authorization: apiKey },
      { 'x-api-key': token },
      { 'x-api-key': `Bearer ${apiKey}` },
      { cookie: `x-api-key=${apiKey}` },
    ];
    for (const headers of pairs) assert.equal(await textOf(await get(one, agentsPath, headers)), expected);
    assert.equal(await textOf(await get(one, `${agentsPath}?api_key=${apiKey}`, {})), expected);
    const twice = request(`${one.url}${agentsPath}`, { headers: { 'x-api-key': [apiKey, apiKey] } }).end();
    const [answer] = (await once(twice, 'response')) as [IncomingMessage];
    assert.equal(answer.resume().statusCode, 400);
  });

  it('lives at most twice under one name, as one principal; a third is created only after one of them is revoked', async () => {
    const [first, second] = [await create('rotated'), await create('rotated')];
    assert.equal(first.principalId, second.principalId);
    await assert.rejects(create('rotated'), { code: 'access.api-key-limit' });
    await tenant.client.admin.revokeApiKey({ key: first.keyId });
    assert.equal((await create('rotated')).principalId, first.principalId);
    const racing = await Promise.allSettled(Array.from({ length: 8 }, () => create('raced')));
    assert.equal(racing.filter(({ status }) => status === 'fulfilled').length, limits.apiKeysPerNameMax);
  });

  it('is refused by every replica soon after it was revoked, also while it is in use', async () => {
    const { apiKey, keyId } = await create('revoked');
    for (const platform of [one, two]) assert.equal(await statusOf(platform, apiKey), 200);
    await tenant.client.admin.revokeApiKey({ key: keyId });
    const revokedAt = performance.now();
    for (const platform of [one, two]) {
      await eventually('the key is out', async () => (await statusOf(platform, apiKey)) === 401, limits.tokenCacheMs);
    }
    assert.ok(performance.now() - revokedAt <= limits.tokenCacheMs + 500);
    assert.deepEqual([await statusOf(one, apiKey), await statusOf(two, apiKey)], [401, 401]);
  });

  it('ends by the clock of the database, and two of its name can be made again', async () => {
    const { apiKey } = await create('short', ['a2a:read'], { expiresInDays: 1 });
    await create('short', ['a2a:read'], { expiresInDays: 1 });
    await database.setClockOffset(24 * 60 * 60_000 + 1_000);
    try {
      assert.equal(await statusOf(one, apiKey), 401);
      assert.equal(typeof (await create('short')).apiKey, 'string');
    } finally {
      await database.setClockOffset(0);
    }
  });

  it('never holds more rights than its creator, nor a right to create credentials, nor more than its agents need', async () => {
    const small = await one.createClient('acme', 'small', ['clients:write', 'a2a:read']);
    const attempt = (scopes: readonly string[], more: object = {}) =>
      small.admin.createApiKey({ body: { name: 'climber', scopes, ...more } });
    await assert.rejects(attempt(['a2a:read', 'a2a:send']), { code: 'access.scope-missing' });
    for (const [scopes, more] of [
      [['clients:write'], {}],
      [['platform:operate'], {}],
      [[], {}],
      [['audit:read'], { agents: ['echo'] }],
      [['a2a:read'], { agents: [] }],
      [['a2a:read'], { agents: ['Echo'] }],
      [['a2a:read'], { expiresInDays: 0 }],
      [['a2a:read'], { expiresInDays: limits.apiKeyDaysMax + 1 }],
    ] as const) {
      await assert.rejects(attempt(scopes, more), { code: 'request.invalid' }, JSON.stringify([scopes, more]));
    }
    const { items } = await tenant.client.admin.listApiKeys({ limit: 100 });
    assert.equal(
      items.some(({ name }) => name === 'climber'),
      false,
    );
    const { apiKey } = await attempt(['a2a:read']);
    const audit = await get(one, '/api/v1/tenants/acme/audit', { 'x-api-key': apiKey });
    assert.equal(audit.status, 403);
  });

  it('that is narrowed to agents opens these and nothing else of the tenant', async () => {
    const { apiKey } = await create('narrow', ['a2a:read'], { agents: ['echo'] });
    const cardOf = (agent: string, headers: Headers) =>
      get(one, `/t/acme/agents/${agent}/.well-known/agent-card.json`, headers);
    assert.equal((await cardOf('echo', { 'x-api-key': apiKey })).status, 200);
    const outsider = await textOf(await cardOf('echo', {}));
    assert.match(outsider, /^401 /);
    for (const agent of ['other', 'missing']) {
      assert.equal(await textOf(await cardOf(agent, { 'x-api-key': apiKey })), outsider);
    }
    assert.equal(await statusOf(one, apiKey), 401);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} });
    const ask = (agent: string) =>
      fetch(`${one.url}/t/acme/agents/${agent}`, {
        method: 'POST',
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'a2a-version': '1.0' },
        body,
      });
    assert.equal((await ask('echo')).status, 200);
    assert.match(await (await ask('other')).text(), /UNAUTHENTICATED|unauthenticated/i);
    const { apiKey: pair } = await create('pair', ['a2a:read'], { agents: ['echo', 'other'] });
    for (const agent of ['echo', 'other']) assert.equal((await cardOf(agent, { 'x-api-key': pair })).status, 200);
  });

  it('of another tenant is invalid here, and is not seen or revoked from here', async () => {
    const other = await one.createTenant('other');
    const foreign = await other.client.admin.createApiKey({ body: { name: 'theirs', scopes: ['a2a:read'] } });
    const missing = await textOf(await get(one, '/api/v1/tenants/missing/agents', { 'x-api-key': foreign.apiKey }));
    assert.equal(await textOf(await get(one, agentsPath, { 'x-api-key': foreign.apiKey })), missing);
    await assert.rejects(tenant.client.admin.revokeApiKey({ key: foreign.keyId }), { code: 'access.api-key-unknown' });
    const { items } = await tenant.client.admin.listApiKeys({ limit: 100 });
    assert.equal(
      items.some(({ keyId }) => keyId === foreign.keyId),
      false,
    );
    assert.equal((await get(one, '/api/v1/tenants/other/agents', { 'x-api-key': foreign.apiKey })).status, 200);
  });

  it('ends the requests that were begun with it when it is revoked, and its last use is written from time to time, in batches', async () => {
    const { keyId } = await create('counted');
    const pool = createPool({
      url: database.adminUrl,
      role: 'colloquy_app',
      connectionsMax: 1,
      applicationName: 'keys',
    });
    const [row] = await rowsOf<{ tenant_id: string }>(
      database,
      `select tenant_id from colloquy.api_keys where key_id = '${keyId}'`,
    );
    const tenantId = idOf('tnt', row?.tenant_id ?? '');
    const standing = { tenantId, revocable: [], parties: [keyId], keyId: null };
    const fallen = () => createRevocationStore(pool).findRevoked([standing]);
    const used = async (): Promise<unknown> =>
      (
        await rowsOf<{ at: Date | null }>(
          database,
          `select last_used_at as at from colloquy.api_keys where key_id = '${keyId}'`,
        )
      )[0]?.at;
    const clock = new FakeClock();
    const uses = new ApiKeyUses({ apiKeys: createApiKeyStore(pool), clock });
    try {
      uses.note(tenantId, idOf('apk', keyId.slice(4)));
      await clock.advance(limits.apiKeyUsesWriteMs - 1);
      assert.equal(await used(), null);
      await clock.advance(1);
      await eventually('the use is written', async () => (await used()) instanceof Date);
      assert.deepEqual(await fallen(), []);
      await tenant.client.admin.revokeApiKey({ key: keyId });
      assert.deepEqual(await fallen(), [0]);
      assert.equal(clock.pendingTimers, 0, 'nothing is waited for while no key is used');
    } finally {
      await uses.close();
      await pool.end();
    }
  });

  it('leaves one audit entry for each change, and none that contains it', async () => {
    const { keyId, apiKey } = await create('audited');
    await tenant.client.admin.revokeApiKey({ key: keyId });
    await tenant.client.admin.revokeApiKey({ key: keyId });
    const { items } = await tenant.client.admin.listAuditEntries({ resource: `api-keys/${keyId}` });
    assert.deepEqual(
      items.map(({ action, outcome }) => `${action} ${outcome}`),
      ['api-key.created succeeded', 'api-key.revoked succeeded'],
    );
    assert.equal(JSON.stringify(items).includes(apiKey), false);
  });
});

/** Status and body without the parts that differ from request to request. */
async function textOf(answer: Response): Promise<string> {
  return `${String(answer.status)} ${withoutRequestId(await answer.text())}`;
}
