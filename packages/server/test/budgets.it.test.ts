/** Guarantee: a tenant sets, lists, shows and removes its budgets, each change is audited, a wrong budget is refused with its field, and no other tenant sees it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import { startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

describe('budgets', () => {
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
  const body = { limitMicrocredits: 5_000_000, period: 'month' };

  const put = async (name: string, json: unknown) =>
    setting.call('PUT', `/tenants/${tenant.slug}/budgets/${name}`, { token: await tenant.token(), json });

  it('are set with defaults, shown, listed by name, and removed', async () => {
    const all = await use('setBudget', { budget: 'all' }, body);
    const { startsAt, endsAt, changedBy, changedAt, ...rest } = all;
    assert.deepEqual(rest, {
      name: 'all',
      scope: 'tenant',
      ...body,
      mode: 'hard',
      alertPercents: [50, 80, 100],
      spentMicrocredits: 0,
      leftMicrocredits: 5_000_000,
    });
    assert.match(String(startsAt), /^\d{4}-\d\d-01T00:00:00\.000Z$/);
    assert.match(String(endsAt), /^\d{4}-\d\d-01T00:00:00\.000Z$/);
    assert.equal(changedBy, tenant.clientId);
    assert.equal(typeof changedAt, 'string');
    const total = { limitMicrocredits: 0, period: 'total', scope: 'skill', subject: 'echo/translate', mode: 'soft' };
    const skill = await use('setBudget', { budget: 'skill' }, { ...total, alertPercents: [90, 10, 90] });
    assert.deepEqual([skill['endsAt'], skill['alertPercents']], [undefined, [10, 90]]);
    assert.deepEqual(itemsOf(await use('listBudgets', {})), [all, skill]);
    const page = await use('listBudgets', { query: '?limit=1' });
    assert.deepEqual(itemsOf(await use('listBudgets', { query: `?limit=1&after=${String(page['next'])}` })), [skill]);
    assert.deepEqual(await use('getBudget', { budget: 'all' }), { ...all, reservedMicrocredits: 0 });
    await use('unsetBudget', { budget: 'skill' });
    await use('unsetBudget', { budget: 'all' });
    assert.deepEqual(itemsOf(await use('listBudgets', {})), []);
    const entries = itemsOf(await use('listAuditEntries', {}));
    const own = entries.filter(({ action }) => String(action).startsWith('budget.'));
    assert.deepEqual(own.map(({ action, resource }) => `${String(action)} ${String(resource)}`).sort(), [
      'budget.set budgets/all',
      'budget.set budgets/skill',
      'budget.unset budgets/all',
      'budget.unset budgets/skill',
    ]);
  });

  it('CREDIT-38 are refused with the field that is wrong', async () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ ...body, limitMicrocredits: -1 }, 'limitMicrocredits'],
      [{ ...body, limitMicrocredits: 0.5 }, 'limitMicrocredits'],
      [{ ...body, limitMicrocredits: limits.amountMicrocreditsMax + 2 }, 'limitMicrocredits'],
      [{ ...body, limitMicrocredits: '9223372036854775808' }, 'limitMicrocredits'],
      [{ period: 'day' }, 'limitMicrocredits'],
      [{ ...body, period: 'year' }, 'period'],
      [{ ...body, mode: 'strict' }, 'mode'],
      [{ ...body, scope: 'planet', subject: 'earth' }, 'scope'],
      [{ ...body, scope: 'agent' }, 'subject'],
      [{ ...body, scope: 'agent', subject: 'No Agent' }, 'subject'],
      [{ ...body, scope: 'skill', subject: 'echo' }, 'subject'],
      [{ ...body, scope: 'skill', subject: 'echo/' }, 'subject'],
      [{ ...body, scope: 'department', subject: 'x'.repeat(limits.budgetSubjectCharsMax + 1) }, 'subject'],
      [{ ...body, subject: 'echo' }, 'subject'],
      [{ ...body, alertPercents: [0] }, 'alertPercents.0'],
      [{ ...body, alertPercents: [limits.budgetAlertPercentMax + 1] }, 'alertPercents.0'],
      [{ ...body, alertPercents: Array.from({ length: limits.budgetAlertPercentsMax + 1 }, () => 1) }, 'alertPercents'],
      [{ ...body, burnRateFactor: 0.5 }, 'burnRateFactor'],
      [{ ...body, period: 'total', burnRateFactor: 2 }, 'burnRateFactor'],
      [{ ...body, limit: 1 }, 'limit'],
    ];
    for (const [json, field] of wrong) {
      const { status, body: refusal } = await put('all', json);
      assert.deepEqual([status, refusal['code']], [400, 'request.invalid'], JSON.stringify(json));
      const violations = refusal['violations'] as readonly { readonly field: string }[];
      assert.ok(
        violations.some((violation) => violation.field === field),
        `${JSON.stringify(json)}: ${JSON.stringify(violations)}`,
      );
    }
    const named = await put('No%20Name', body);
    assert.deepEqual([named.status, named.body['code']], [400, 'request.invalid']);
    assert.deepEqual(itemsOf(await use('listBudgets', {})), []);
  });

  it('are unknown to another tenant, and when they were never set', async () => {
    await use('setBudget', { budget: 'own' }, body);
    const other = await setting.newTenant();
    for (const [method, json] of [['GET'], ['PUT', body], ['DELETE']] as const) {
      const call = { token: await other.token(), ...(json === undefined ? {} : { json }) };
      const foreign = await setting.call(method, `/tenants/${tenant.slug}/budgets/own`, call);
      assert.deepEqual([foreign.status, foreign.body['code']], [404, 'tenancy.tenant-unknown'], method);
      if (method === 'PUT') continue;
      const missing = await setting.call(method, `/tenants/${other.slug}/budgets/own`, call);
      assert.deepEqual([missing.status, missing.body['code']], [404, 'budgets.unknown'], method);
    }
    const reader = await setting.call('PUT', `/tenants/${tenant.slug}/budgets/own`, {
      token: await tenant.token(['credits:read']),
      json: body,
    });
    assert.equal(reader.status, 403);
    assert.equal((await use('getBudget', { budget: 'own' }))['limitMicrocredits'], body.limitMicrocredits);
    await use('unsetBudget', { budget: 'own' });
  });

  it('are refused beyond their number, and one of them can still be replaced', async () => {
    for (let n = 1; n <= limits.budgetsPerTenantMax; n += 1) {
      assert.equal((await put(`budget-${n}`, body)).status, 200);
    }
    const refused = await put('one-more', body);
    assert.deepEqual([refused.status, refused.body['code']], [409, 'budgets.too-many']);
    const replaced = await put('budget-7', { ...body, limitMicrocredits: 7 });
    assert.deepEqual([replaced.status, replaced.body['limitMicrocredits']], [200, 7]);
  });
});
