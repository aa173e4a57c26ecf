/** Guarantee: a tenant lists its alerts about credits newest first, by page and by kind, and another tenant sees none of them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidOf } from '../src/kernel/ids.ts';
import { startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

describe('alerts about credits', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let walker: AdminWalker;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
    await setting.registry.rows(
      `insert into colloquy.credit_alerts (tenant_id, alert_id, kind, budget_name, facts, raised_at)
       select $1, gen_random_uuid(), case when n % 2 = 0 then 'budget-threshold' else 'low-credit' end,
         case when n % 2 = 0 then 'all' end, jsonb_build_object('n', n), now() - n * interval '1 minute'
       from generate_series(1, 5) n`,
      uuidOf(tenant.caller.tenant.id),
    );
  });
  after(() => setting[Symbol.asyncDispose]());

  const list = async (query = '', actor = tenant) =>
    itemsOf(await walker.use('listAlerts', { query, tenant: actor.slug }, undefined, actor));
  const numbersOf = (items: readonly Record<string, unknown>[]) =>
    items.map(({ facts }) => (facts as { readonly n: number }).n);

  it('are listed newest first, by page and by kind', async () => {
    const all = await list();
    assert.deepEqual(numbersOf(all), [1, 2, 3, 4, 5]);
    assert.deepEqual(
      all.slice(0, 2).map(({ kind, budget }) => [kind, budget]),
      [
        ['low-credit', undefined],
        ['budget-threshold', 'all'],
      ],
    );
    const first = await walker.use('listAlerts', { query: '?limit=2' });
    assert.deepEqual(numbersOf(itemsOf(first)), [1, 2]);
    assert.deepEqual(numbersOf(await list(`?limit=3&after=${String(first['next'])}`)), [3, 4, 5]);
    assert.deepEqual(numbersOf(await list('?kind=low-credit')), [1, 3, 5]);
    assert.deepEqual(await list('?kind=drift'), []);
  });

  it('are those of the caller, and need the right to read credits', async () => {
    const other = await setting.newTenant();
    assert.deepEqual(await list('', other), []);
    const path = `/tenants/${tenant.slug}/credits/alerts`;
    const foreign = await setting.call('GET', path, { token: await other.token() });
    assert.deepEqual([foreign.status, foreign.body['code']], [404, 'tenancy.tenant-unknown']);
    const narrow = await setting.call('GET', path, { token: await tenant.token(['deliveries:read']) });
    assert.equal(narrow.status, 403);
    const wrong = await setting.call('GET', `${path}?kind=other`, { token: await tenant.token() });
    assert.deepEqual([wrong.status, wrong.body['code']], [400, 'request.invalid']);
  });
});
