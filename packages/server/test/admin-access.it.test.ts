/**
 * Guarantee: every endpoint of the admin API refuses unauthenticated clients, missing scopes and other tenants, in this order, and reveals
 * nothing; each refusal is in the audit log of the caller's tenant.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { operations, policyOf } from '../src/modules/access/index.ts';
import { adminEndpoints } from '../src/surfaces/admin/index.ts';
import type { ApiEndpoint } from '../src/surfaces/admin/index.ts';
import { card, startAdminSetting, tenantScopes, withoutRequestId } from './admin-setting.ts';
import type { Actor, AdminAnswer, AdminSetting } from './admin-setting.ts';
import { bodyOf } from './endpoint-bodies.ts';

const isForOperators = (endpoint: ApiEndpoint<never>): boolean => policyOf(endpoint.operation)?.actor === 'operator';
const taskId = `tsk_${'0'.repeat(32)}`;
const grantId = `grt_${'0'.repeat(32)}`;
const clientId = `cli_${'0'.repeat(32)}`;
describe('access to the admin API', () => {
  let setting: AdminSetting;
  let owner: Actor;
  let outsider: Actor;

  before(async () => {
    setting = await startAdminSetting();
    [owner, outsider] = [await setting.newTenant(), await setting.newTenant()];
    const token = await owner.token();
    const registered = await setting.call('POST', `/tenants/${owner.slug}/agents`, {
      token,
      json: { name: 'secret', card },
    });
    assert.equal(registered.status, 201, registered.text);
  });
  after(() => setting[Symbol.asyncDispose]());

  function probe(endpoint: ApiEndpoint<never>, slug: string, token?: string): Promise<AdminAnswer> {
    const path = endpoint.path
      .replace('{tenant}', slug)
      .replace('{agent}', 'secret')
      .replace('{tier}', 'gold')
      .replace('{client}', owner.clientId)
      .replace('{secret}', `sec_${'0'.repeat(32)}`)
      .replace('{authority}', `aut_${'0'.repeat(32)}`)
      .replace('{key}', `apk_${'0'.repeat(32)}`)
      .replace('{issuer}', `iss_${'0'.repeat(32)}`)
      .replace('{version}', '1')
      .replace('{person}', `per_${'0'.repeat(32)}`)
      .replace('{kid}', 'key-1')
      .replace('{month}', '2026-11')
      .replace('{task}', taskId)
      .replace('{grant}', grantId)
      .replace('{principal}', owner.clientId);
    const json = bodyOf(endpoint);
    return setting.call(endpoint.method, path, {
      ...(token === undefined ? {} : { token }),
      ...(json === undefined ? {} : { json }),
    });
  }

  /** Everything of the tenant that an endpoint could change. */
  async function state(slug: string): Promise<unknown> {
    const tables = [
      'agents',
      'agent_card_versions',
      'trusted_card_keys',
      'card_policies',
      'egress_allowances',
      'oauth_clients',
      'api_keys',
      'external_issuers',
      'grants',
      'stops',
      'limits',
      'wallets',
      'ledger_entries',
    ];
    const counts = tables.map(
      (table) =>
        `(select json_agg(x order by x::text) from colloquy.${table} x where x.tenant_id = t.tenant_id) as ${table}`,
    );
    return setting.registry.rows(`select ${counts.join()} from colloquy.tenants t where t.slug = $1`, slug);
  }

  async function refusals(actor: Actor): Promise<unknown[]> {
    const rows = await setting.registry.rows(
      "select resource, facts from colloquy.audit_entries where tenant_id = $1 and action = 'access.refused' and outcome = 'refused' order by entry_id",
      actor.caller.tenant.id.slice(4),
    );
    return rows;
  }

  it('is asked with a body that each endpoint accepts, for an operation that has a policy', () => {
    for (const endpoint of adminEndpoints) {
      assert.equal(bodyOf(endpoint) === undefined, endpoint.body === null);
      assert.ok(operations.includes(endpoint.operation), endpoint.id);
    }
  });

  for (const endpoint of adminEndpoints) {
    const line = `${endpoint.method} ${endpoint.path}`;

    it(`${line} answers 401 without a token and with a forged one, whatever is asked`, async () => {
      const before = await state(owner.slug);
      const [head = '', claims = ''] = (await owner.token()).split('.');
      for (const token of [undefined, 'x', `${head}.${claims}.${'A'.repeat(86)}`]) {
        const answers = [await probe(endpoint, owner.slug, token), await probe(endpoint, 'no-such-tenant', token)];
        for (const answer of answers) {
          assert.equal(answer.status, 401);
          assert.equal(answer.body['code'], 'access.unauthenticated');
          assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
        }
        assert.equal(withoutRequestId(answers[0]?.text ?? ''), withoutRequestId(answers[1]?.text ?? ''));
      }
      assert.deepEqual(await state(owner.slug), before);
    });

    it(`${line} answers 403 to every scope but its own, and notes it`, async () => {
      const needed = policyOf(endpoint.operation)?.scope;
      const others = tenantScopes.filter((scope) => scope !== needed);
      const before = await state(owner.slug);
      const noted = (await refusals(owner)).length;
      for (const slug of [owner.slug, outsider.slug, 'no-such-tenant']) {
        const answer = await probe(endpoint, slug, await owner.token(others));
        assert.equal(answer.status, 403);
        assert.equal(answer.body['code'], 'access.scope-missing');
        assert.match(answer.headers.get('www-authenticate') ?? '', new RegExp(`scope="${needed ?? 'none'}"`));
      }
      assert.deepEqual(await state(owner.slug), before);
      const entries = (await refusals(owner)).slice(noted);
      assert.equal(entries.length, 3);
      for (const entry of entries)
        assert.match(JSON.stringify(entry), new RegExp(`operations/${endpoint.operation}.*scope-missing`));
    });

    if (isForOperators(endpoint)) {
      it(`${line} is refused to a tenant’s client that claims the operators’ scope`, async () => {
        const before = await state(owner.slug);
        const answer = await probe(endpoint, owner.slug, await owner.token([...tenantScopes, 'platform:operate']));
        assert.equal(answer.status, 403);
        assert.deepEqual(await state(owner.slug), before);
      });
    } else {
      it(`${line} shows another tenant like one that does not exist, byte for byte`, async () => {
        const token = await outsider.token();
        const before = await state(owner.slug);
        const noted = [(await refusals(outsider)).length, (await refusals(owner)).length];
        const [foreign, missing] = [
          await probe(endpoint, owner.slug, token),
          await probe(endpoint, 'no-such-tenant', token),
        ];
        assert.equal(foreign.status, 404);
        assert.equal(withoutRequestId(foreign.text), withoutRequestId(missing.text));
        const names = (answer: AdminAnswer): string[] => [...answer.headers.keys()];
        assert.deepEqual(names(foreign), names(missing));
        assert.deepEqual(await state(owner.slug), before);
        const now = [(await refusals(outsider)).length - 2, (await refusals(owner)).length];
        assert.deepEqual(now, noted, 'both tries are noted, and only where they came from');
      });
    }

    if (endpoint.method === 'GET') {
      it(`HEAD ${endpoint.path} is guarded like GET`, async () => {
        const path = endpoint.path
          .replace('{tenant}', owner.slug)
          .replace('{agent}', 'secret')
          .replace('{task}', taskId);
        assert.equal((await setting.call('HEAD', path)).status, 401);
        assert.equal((await setting.call('HEAD', path, { token: await owner.token(['a2a:send']) })).status, 403);
      });
    }
  }

  it('shows a foreign agent, client or task below the caller’s own tenant like a missing one', async () => {
    const token = await outsider.token();
    const pairs: readonly (readonly [string, string, string])[] = [
      ['GET', 'agents/secret', 'agents/nothing'],
      ['DELETE', 'agents/secret', 'agents/nothing'],
      ['GET', 'agents/secret/card', 'agents/nothing/card'],
      ['GET', 'agents/secret/card-diff', 'agents/nothing/card-diff'],
      ['GET', 'agents/secret/card-versions', 'agents/nothing/card-versions'],
      ['POST', 'agents/secret/card-versions/1/approve', 'agents/nothing/card-versions/1/approve'],
      ['POST', 'agents/secret/card-versions/1/reject', 'agents/nothing/card-versions/1/reject'],
      ['DELETE', 'trusted-card-keys/theirs', 'trusted-card-keys/nothing'],
      ['DELETE', `clients/${owner.clientId}`, `clients/${clientId}`],
      ['GET', `tasks/${taskId}`, 'tasks/not-a-task-id'],
    ];
    const before = await state(owner.slug);
    for (const [method, foreign, missing] of pairs) {
      const answers = [
        await setting.call(method, `/tenants/${outsider.slug}/${foreign}`, { token }),
        await setting.call(method, `/tenants/${outsider.slug}/${missing}`, { token }),
      ];
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [404, 404],
      );
      assert.equal(withoutRequestId(answers[0]?.text ?? ''), withoutRequestId(answers[1]?.text ?? ''));
    }
    assert.deepEqual(await state(owner.slug), before);
  });

  it('lets an operator act for any tenant, and writes that into the tenant’s own log', async () => {
    const token = await setting.operator.token();
    const path = `/tenants/${owner.slug}`;
    assert.equal((await setting.call('GET', `${path}/agents/secret`, { token })).status, 200);
    const granted = await setting.call('POST', `${path}/credits/grants`, { token, json: { amountMicrocredits: 5 } });
    assert.equal(granted.status, 201, granted.text);
    assert.equal((await setting.call('GET', '/tenants/no-such-tenant/agents', { token })).status, 404);
    const noted = await setting.registry.rows(
      "select actor_id, outcome from colloquy.audit_entries where tenant_id = $1 and action = 'credits.granted'",
      owner.caller.tenant.id.slice(4),
    );
    assert.deepEqual(noted, [{ actor_id: setting.operator.clientId, outcome: 'succeeded' }]);
  });

  it('gives the document to everybody, and nothing else', async () => {
    const document = await setting.call('GET', '/openapi.json');
    assert.equal(document.status, 200);
    assert.equal(document.body['openapi'], '3.1.0');
    for (const path of [
      '',
      '/',
      '/openapi.yaml',
      '/tenants/',
      '/../tenants',
      '/tenants/%2e%2e/x',
      `/${'a'.repeat(3000)}`,
    ]) {
      const answer = await setting.call('GET', path);
      assert.equal(answer.status, 404, path);
      assert.doesNotMatch(answer.text, /stack|node_modules|\.ts/);
    }
  });
});
