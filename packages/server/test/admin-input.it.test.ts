/**
 * Guarantee: an endpoint of the admin API takes exactly the fields it names. Whatever else is sent, in whatever form, is refused with the
 * field it is about and changes nothing.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import { card, cardKey, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminAnswer, AdminSetting } from './admin-setting.ts';
import { bodyOf } from './endpoint-bodies.ts';

/** Fields that belong to the platform, in the spellings that other systems use. */
const serverOwned: readonly string[] = (
  'id tenantId tenant_id tenant agentId agent_id role roles isAdmin admin scope owner ownerId registeredBy createdAt created_at ' +
  'deregisteredAt state status trustTier credits granted grantedMicrocredits availableMicrocredits balance kind secret clientId ' +
  'clientSecret secretHash revokedAt entryId actorId outcome cardVersion credentialSealed credentialOrigin url upstreamUrl ' +
  'constructor toString hasOwnProperty'
).split(' ');

const reading = adminEndpoints.flatMap((endpoint) => {
  const json = bodyOf(endpoint);
  return json === undefined || endpoint.body === null ? [] : [{ ...endpoint, json, names: namesOf(endpoint.body) }];
});

/** The members that a body may have. */
function namesOf(body: object): readonly string[] {
  const { properties = {} } = body as { readonly properties?: object };
  return Object.keys(properties);
}

describe('input of the admin API', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let token: string;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    token = await setting.operator.token();
  });
  after(() => setting[Symbol.asyncDispose]());

  const pathOf = (path: string): string =>
    path
      .replace('{tenant}', tenant.slug)
      .replace('{client}', tenant.clientId)
      .replaceAll(/\{\w+\}/g, 'mass');

  /** All rows of all tenants, without the records of refusals. */
  async function everything(): Promise<unknown> {
    const tables = [
      'tenants',
      'wallets',
      'agents',
      'agent_instances',
      'agent_card_versions',
      'trusted_card_keys',
      'card_policies',
      'oauth_clients',
      'oauth_client_secrets',
      'client_authorities',
      'api_keys',
      'external_issuers',
      'ledger_entries',
      'audit_entries',
      'egress_allowances',
      'secret_rotations',
      'grants',
      'stops',
      'limits',
    ];
    const columns = tables.map((table) => `(select count(*) from colloquy.${table}) as ${table}`);
    return setting.registry.rows(
      `select ${columns.join()}, (select sum(granted_microcredits) from colloquy.wallets) as granted`,
    );
  }

  async function assertRefused(answer: AdminAnswer, field: string | null, before: unknown): Promise<void> {
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.body['code'], 'request.invalid');
    const violations = answer.body['violations'];
    assert.ok(Array.isArray(violations) && violations.length > 0);
    if (field !== null) {
      const named = violations.map((violation: { field: string }) => violation.field);
      assert.ok(named.includes(field), `${field} in ${named.join()}`);
    }
    assert.deepEqual(await everything(), before);
  }

  it('is tried on every endpoint that reads a body', () => {
    assert.equal(reading.length, adminEndpoints.filter(({ body }) => body !== null).length);
  });

  for (const { id, json, method, path, names } of reading) {
    it(`${id} refuses each field that belongs to the platform`, async () => {
      const before = await everything();
      for (const field of serverOwned.filter((name) => !names.includes(name))) {
        const answer = await setting.call(method, pathOf(path), { token, json: { ...json, [field]: 'x' } });
        await assertRefused(answer, field, before);
      }
      const poisoned = JSON.stringify(json).replace('{', '{"__proto__":{"isAdmin":true},');
      await assertRefused(await setting.call(method, pathOf(path), { token, raw: poisoned }), '__proto__', before);
    });

    it(`${id} refuses a body that is none, with nothing of it in the answer`, async () => {
      const before = await everything();
      const text = JSON.stringify(json);
      const broken: readonly string[] = [
        '{',
        'null',
        '[]',
        '"x"',
        '1',
        text.slice(0, -1),
        `${text}${text}`,
        `\ufeff${text}`,
        text.replace('{', '{"name":"a","name":"b",'),
        text.replace('{', '{"x":"\\u0000",'),
        '['.repeat(100),
        text.replace('{', '{"x":"\\ud800",'),
        text.replace('{', '{"x":1e999,'),
      ];
      for (const raw of broken) {
        const answer = await setting.call(method, pathOf(path), { token, raw });
        await assertRefused(answer, null, before);
        assert.doesNotMatch(answer.text, /SyntaxError|JSON\.parse|at position/);
      }
      assert.equal((await setting.call(method, pathOf(path), { token })).status, 400);
    });

    it(`${id} refuses other content types and bodies beyond the bound`, async () => {
      const before = await everything();
      for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const answer = await setting.call(method, pathOf(path), { token, json, contentType });
        assert.equal(answer.status, 415, contentType);
      }
      const answer = await setting.call(method, pathOf(path), { token, json: { ...json, name: 'x'.repeat(400_000) } });
      assert.equal(answer.status, 413);
      assert.deepEqual(await everything(), before);
    });

    it(`${id} refuses query parameters`, async () => {
      const before = await everything();
      const answer = await setting.call(method, `${pathOf(path)}?dryRun=true`, { token, json });
      await assertRefused(answer, 'dryRun', before);
    });
  }

  const wrong: readonly (readonly [string, string, object])[] = [
    ['createTenant', 'slug', { slug: 'Tenant' }],
    ['createTenant', 'slug', { slug: 'tasks' }],
    ['createTenant', 'slug', { slug: 'ac\u0301me' }],
    ['createTenant', 'slug', { slug: null }],
    ['createTenant', 'name', { name: '' }],
    ['createTenant', 'name', { name: ' \t' }],
    ['createTenant', 'name', { name: 'x'.repeat(201) }],
    ['createClient', 'scopes', { scopes: [] }],
    ['createClient', 'scopes', { scopes: ['platform:operate'] }],
    ['createClient', 'scopes', { scopes: 'a2a:read' }],
    ['createClient', 'scopes.0', { scopes: [1] }],
    ['grantCredits', 'amountMicrocredits', { amountMicrocredits: 0 }],
    ['grantCredits', 'amountMicrocredits', { amountMicrocredits: -1 }],
    ['grantCredits', 'amountMicrocredits', { amountMicrocredits: 0.5 }],
    ['grantCredits', 'amountMicrocredits', { amountMicrocredits: '7' }],
    ['grantCredits', 'amountMicrocredits', { amountMicrocredits: 9_000_000_000_000_001 }],
    ['grantCredits', 'amountMicrocredits', { amountMicrocredits: 1e308 }],
    ['grantCredits', 'grantId', { grantId: '1' }],
    ['grantCredits', 'expiresAt', { expiresAt: 'tomorrow' }],
    ['grantCredits', 'expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['transferCredits', 'amountMicrocredits', { amountMicrocredits: -1 }],
    ['transferCredits', 'amountMicrocredits', { amountMicrocredits: 0.5 }],
    ['transferCredits', 'amountMicrocredits', { amountMicrocredits: 9_000_000_000_000_001 }],
    ['transferCredits', 'transferId', { transferId: '1' }],
    ['transferCredits', 'to', { to: 'x'.repeat(64) }],
    ['registerAgent', 'name', { name: 'M\u0430ss' }],
    ['registerAgent', 'name', { name: 'mass ' }],
    ['registerAgent', 'priceMicrocredits', { priceMicrocredits: -1 }],
    ['registerAgent', 'idempotent', { idempotent: 'yes' }],
    ['registerAgent', 'taskMsMax', { taskMsMax: 99 }],
    ['registerAgent', 'cardVisibility', { cardVisibility: 'all' }],
    ['registerAgent', 'credential.value', { credential: { kind: 'bearer' } }],
    ['registerAgent', 'credential.value', { credential: { kind: 'bearer', value: 'a b' } }],
    ['registerAgent', 'credential.header', { credential: { kind: 'api-key', value: 'a', header: 'Host' } }],
    ['registerAgent', 'credential.origin', { credential: { kind: 'bearer', value: 'a', origin: 'https://x' } }],
    ['registerAgent', 'card', { cardUrl: 'https://agent.example/' }],
    ['registerAgent', 'card', { card: undefined }],
    ['registerAgent', 'card', { card: [] }],
    ['registerAgent', 'cardSignatures', { cardSignatures: 'maybe' }],
    ['registerAgent', 'cardApproval', { cardApproval: true }],
    ['registerAgent', 'extendedSkillIds', { extendedSkillIds: ['not-on-the-card'] }],
    ['updateCard', 'card', { cardUrl: 'https://agent.example/' }],
    ['updateCard', 'cardUrl', { card: undefined, cardUrl: 'x'.repeat(2049) }],
    ['setCardPolicy', 'signatures', { signatures: 'none' }],
    ['setCardPolicy', 'approval', { approval: null }],
    ['createGrant', 'role', { role: 'operator' }],
    ['createGrant', 'role', { role: 'Caller' }],
    ['createGrant', 'skill', { skill: 'alone' }],
    ['createGrant', 'principal', { principal: '' }],
    ['createGrant', 'principal', { principal: 'a b' }],
    ['stopPrincipal', 'reason', { reason: ' ' }],
    ['stopTenant', 'reason', { reason: 'x'.repeat(501) }],
    ['setTenantLimit', 'burstRequests', { burstRequests: 0 }],
    ['setTenantLimit', 'requestsPerSecond', { requestsPerSecond: 1e308 }],
    ['setClientLimit', 'sendsPerDay', { sendsPerDay: 0.5 }],
    ['setClientLimit', 'sendsPerMonth', { sendsPerMonth: -1 }],
    ['setAgentLimit', 'requestsPerSecond', { requestsPerSecond: 0 }],
    ['setAgentLimit', 'requestsPerSecond', { requestsPerSecond: '5' }],
    ['addCardKey', 'name', { name: ' ' }],
    ['addCardKey', 'jwk.kid', { jwk: { ...cardKey, kid: undefined } }],
    ['addCardKey', 'jwk.kid', { jwk: { ...cardKey, kid: '..' } }],
    ['addCardKey', 'jwk.kid', { jwk: { ...cardKey, kid: 'x'.repeat(201) } }],
    ['addCardKey', 'jwk', { jwk: { ...cardKey, d: 'AAAA' } }],
    ['addCardKey', 'jwk', { jwk: { ...cardKey, y: 'AAAA' } }],
    ['addCardKey', 'jwk.kty', { jwk: { kty: 'oct', k: 'AAAA', kid: 'k' } }],
    ['addCardKey', 'jwk.kty', { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'k' } }],
    ['addCardKey', 'jwk.kty', { jwk: { ...cardKey, crv: 'P-192' } }],
    ['addCardKey', 'jwk.alg', { jwk: { ...cardKey, alg: 'HS256' } }],
    ['addCardKey', 'jwk.use', { jwk: { ...cardKey, use: 'enc' } }],
  ];

  for (const [id, field, change] of wrong) {
    it(`${id} refuses ${JSON.stringify(change).slice(0, 60)}`, async () => {
      const before = await everything();
      const endpoint = reading.find((one) => one.id === id);
      assert.ok(endpoint !== undefined, id);
      const { method, path } = endpoint;
      const json = { ...endpoint.json, ...change };
      await assertRefused(await setting.call(method, pathOf(path), { token, json }), field, before);
    });
  }

  it('registerAgent names the wrong fields of a card, and refuses addresses that may not be called', async () => {
    const before = await everything();
    const at = (url: string): object => ({ ...card, supportedInterfaces: [{ ...card.supportedInterfaces[0], url }] });
    const cases: readonly (readonly [object, string, string])[] = [
      [{ ...card, name: 7, version: undefined }, 'registry.card-invalid', '"field":"version"'],
      [{ ...card, iconUrl: 'javascript:alert(1)' }, 'registry.card-invalid', '"field":"iconUrl"'],
      [{ ...card, supportedInterfaces: [] }, 'registry.card-invalid', '"field":"supportedInterfaces"'],
      [at('http://169.254.169.254/latest'), 'egress.refused', ''],
      [at('http://10.0.0.1/'), 'egress.refused', ''],
      [at('http://user:pw@127.0.0.1/'), 'egress.refused', ''],
    ];
    for (const [bad, code, part] of cases) {
      const answer = await setting.call('POST', pathOf('/tenants/{tenant}/agents'), {
        token,
        json: { name: 'mass', card: bad },
      });
      assert.equal(answer.status, 400);
      assert.equal(answer.body['code'], code);
      assert.ok(answer.text.includes(part), answer.text);
    }
    assert.deepEqual(await everything(), before);
  });

  const wrongQueries: readonly (readonly [string, string])[] = [
    ['/tenants?limit=0', 'limit'],
    ['/tenants?limit=101', 'limit'],
    ['/tenants?limit=1e1', 'limit'],
    ['/tenants?limit=%205', 'limit'],
    ['/tenants?limit=', 'limit'],
    ['/tenants?limit=1&limit=2', 'limit'],
    ['/tenants?after=', 'after'],
    ['/tenants?after=%00', 'after'],
    ['/tenants?page=2', 'page'],
    ['/tenants/{tenant}/agents?after=A', 'after'],
    ['/tenants/{tenant}/clients?after=x', 'after'],
    ['/tenants/{tenant}/audit?after=x', 'after'],
    ['/tenants/{tenant}/audit?resource=%00', 'resource'],
    ['/tenants/{tenant}/audit?resource=a%20b', 'resource'],
    ['/tenants/{tenant}/grants?principal=a%00', 'principal'],
    ['/tenants/{tenant}/credits/entries?after=x', 'after'],
    ['/tenants/{tenant}/credits/entries?taskId=x', 'taskId'],
    ['/tenants/{tenant}/tasks?after=x', 'after'],
    ['/tenants/{tenant}/credits?verbose=1', 'verbose'],
    ['/tenants/{tenant}/agents/mass/card?version=0', 'version'],
    ['/tenants/{tenant}/agents/mass/card?version=2147483648', 'version'],
    ['/tenants/{tenant}/trusted-card-keys?after=a%00', 'after'],
    ['/tenants/{tenant}/agents/mass/card-diff?from=one', 'from'],
    [`/tenants/{tenant}/tasks/tsk_${'0'.repeat(32)}?afterSeq=-1`, 'afterSeq'],
  ];

  for (const [path, field] of wrongQueries) {
    it(`GET ${path} is refused`, async () => {
      const before = await everything();
      await assertRefused(await setting.call('GET', path.replace('{tenant}', tenant.slug), { token }), field, before);
    });
  }

  it('finds nothing at addresses with bytes that no name has', async () => {
    for (const name of ['%00', '%ff', 'a%2fb', '%20', 'A', '..%2f..', "'%20or%201=1", 'x'.repeat(99)]) {
      for (const path of [`/tenants/${name}/agents`, `/tenants/${tenant.slug}/agents/${name}`]) {
        const answer = await setting.call('GET', path, { token });
        assert.ok(answer.status === 404 || answer.status === 400, `${path} ${answer.status}`);
        assert.doesNotMatch(answer.text, /invalid byte|encoding|sql/i);
      }
    }
  });

  it('finds nothing by a name that none has, at whichever place of an address, and writes nothing of it', async () => {
    const before = await everything();
    for (const endpoint of adminEndpoints) {
      const { method, path } = endpoint;
      const places = Array.from(path.matchAll(/\{(\w+)\}/g), ([, place = '']) => place).filter(
        (place) => place !== 'tenant',
      );
      for (const place of places) {
        for (const name of ['%00', 'a%00b']) {
          const named = path.replace('{tenant}', tenant.slug).replace(`{${place}}`, name);
          const json = bodyOf(endpoint);
          const answer = await setting.call(method, named.replaceAll(/\{\w+\}/g, 'mass'), { token, json });
          assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${named}: ${answer.text}`);
        }
      }
    }
    assert.deepEqual(await everything(), before);
  });
});
