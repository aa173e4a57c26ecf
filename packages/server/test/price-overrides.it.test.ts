/** Guarantee: a tenant overrides prices from a date on, each change is audited, a wrong price is refused with its field, and another tenant sees nothing of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import { card, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

describe('price overrides', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  let walker: AdminWalker;

  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
    await use('registerAgent', {}, { name: 'scorer', card });
  });
  after(() => setting[Symbol.asyncDispose]());

  const use: AdminWalker['use'] = (...call) => walker.use(...call);
  const agent = 'scorer';
  const price = { perItem: { price: '0.5', of: '$.leadIds[*]' }, minimum: 1 };
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

  const put = async (body: unknown, query = '') =>
    setting.call('PUT', `/tenants/${tenant.slug}/agents/scorer/price${query}`, {
      token: await tenant.token(),
      json: body,
    });

  it('are set from now on and from a date on, listed, and removed one by one or together', async () => {
    const now = await use('setPriceOverride', { agent }, { price });
    assert.deepEqual([now['inForce'], now['price']], [true, price]);
    const later = await use('setPriceOverride', { agent }, { price: { perCall: 2 }, effectiveFrom: tomorrow });
    assert.deepEqual([later['inForce'], later['effectiveFrom']], [false, tomorrow]);
    assert.deepEqual(itemsOf(await use('listPriceOverrides', {})), [now, later]);
    const page = await use('listPriceOverrides', { query: '?limit=1' });
    assert.deepEqual(itemsOf(page), [now]);
    assert.deepEqual(
      itemsOf(await use('listPriceOverrides', { query: `?limit=1&after=${encodeURIComponent(String(page['next']))}` })),
      [later],
    );
    await use('unsetPriceOverrides', { agent, query: `?from=${tomorrow}` });
    assert.deepEqual(itemsOf(await use('listPriceOverrides', {})), [now]);
    await use('unsetPriceOverrides', { agent });
    assert.deepEqual(itemsOf(await use('listPriceOverrides', {})), []);
    const entries = itemsOf(await use('listAuditEntries', {}));
    const own = entries.filter(({ action }) => String(action).startsWith('price.'));
    assert.deepEqual(own.map(({ action }) => String(action)).sort(), [
      'price.set',
      'price.set',
      'price.unset',
      'price.unset',
    ]);
  });

  it('CREDIT-43 of the past hold at once, unless a newer one holds already', async () => {
    const past = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    const set = async (perCall: number, effectiveFrom: string) =>
      (await use('setPriceOverride', { agent }, { price: { perCall }, effectiveFrom }))['inForce'];
    const inForce = async () => {
      const { prices, upcoming } = await use('readAgentPrices', { agent });
      const [first] = prices as readonly { readonly price: object }[];
      return [first?.price, (upcoming as readonly unknown[]).length];
    };
    assert.equal(await set(2, past(2)), true);
    assert.deepEqual(await inForce(), [{ perCall: 2 }, 0]);
    assert.equal(await set(3, past(3)), false);
    assert.equal(await set(4, tomorrow), false);
    assert.deepEqual(await inForce(), [{ perCall: 2 }, 1]);
    assert.equal(await set(1, past(1)), true);
    assert.deepEqual(await inForce(), [{ perCall: 1 }, 1]);
    await use('unsetPriceOverrides', { agent });
    assert.deepEqual(await inForce(), [{ perCall: '0.0001' }, 0]);
  });

  it('CREDIT-42 are refused with every field that is wrong', async () => {
    const wrong = await put({ price: { perCall: '0.0000001', perItem: { price: 1, of: '$..x' } } });
    assert.equal(wrong.body['code'], 'request.invalid');
    const violations = wrong.body['violations'] as readonly { readonly field: string }[];
    assert.deepEqual(
      violations.map(({ field }) => field),
      ['price.perCall', 'price.perItem.of'],
    );
    for (const body of [{ price: {} }, { price: { perCall: -1 } }, { price, effectiveFrom: 'soon' }, {}]) {
      const refused = await put(body);
      assert.deepEqual([refused.status, refused.body['code']], [400, 'request.invalid'], JSON.stringify(body));
    }
    assert.deepEqual(itemsOf(await use('listPriceOverrides', {})), []);
  });

  it('are missing for an unknown agent or skill, and belong to their tenant', async () => {
    const path = `/tenants/${tenant.slug}/agents/missing/price`;
    const unknown = await setting.call('PUT', path, { token: await tenant.token(), json: { price } });
    assert.deepEqual([unknown.status, unknown.body['code']], [404, 'registry.agent-unknown']);
    const skill = await put({ price }, '?skill=none');
    assert.deepEqual([skill.status, skill.body['code']], [404, 'prices.skill-unknown']);
    const gone = await setting.call('DELETE', `/tenants/${tenant.slug}/agents/scorer/price`, {
      token: await tenant.token(),
    });
    assert.deepEqual([gone.status, gone.body['code']], [404, 'prices.unknown']);
    const other = await setting.newTenant();
    const foreign = await setting.call('GET', `/tenants/${tenant.slug}/prices`, { token: await other.token() });
    assert.deepEqual([foreign.status, foreign.body['code']], [404, 'tenancy.tenant-unknown']);
  });

  it('are refused beyond their number, and one of them can still be replaced', async () => {
    const day = (n: number): string => new Date(Date.UTC(2020, 0, n)).toISOString();
    for (let n = 1; n <= limits.priceOverridesMax; n += 1) {
      assert.equal((await put({ price, effectiveFrom: day(n) })).status, 200);
    }
    const refused = await put({ price });
    assert.deepEqual([refused.status, refused.body['code']], [409, 'prices.too-many']);
    const replaced = await put({ price, effectiveFrom: day(2) });
    assert.equal(replaced.status, 200);
  });
});
