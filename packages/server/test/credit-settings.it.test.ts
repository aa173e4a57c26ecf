/** Guarantee: operators set how the credits of a tenant are charged, the tenant reads it, and each change is audited. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';

const defaults = {
  overagePolicy: 'cap',
  overageMaxMicrocredits: 0,
  unknownPriceMicrocredits: 1_000_000,
  lowCreditMicrocredits: null,
};

describe('the credit settings of a tenant', () => {
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

  it('are the defaults until an operator sets them, whole', async () => {
    assert.deepEqual(await use('readCreditSettings', {}), defaults);
    const wanted = { overagePolicy: 'debit', overageMaxMicrocredits: 5_000_000, lowCreditMicrocredits: 2_000_000 };
    const set = await use('setCreditSettings', {}, wanted, setting.operator);
    assert.deepEqual(set, { ...defaults, ...wanted });
    assert.deepEqual(await use('readCreditSettings', {}), set);
    assert.deepEqual(await use('setCreditSettings', {}, { unknownPriceMicrocredits: 7 }, setting.operator), {
      ...defaults,
      unknownPriceMicrocredits: 7,
    });
    const audited = itemsOf(await use('listAuditEntries', {}));
    const own = audited.filter(({ action }) => action === 'credits.settings-changed');
    assert.equal(own.length, 2);
    assert.deepEqual(own[0]?.['facts'], {
      overagePolicy: 'debit',
      overageMaxMicrocredits: '5000000',
      unknownPriceMicrocredits: '1000000',
      lowCreditMicrocredits: '2000000',
    });
  });

  it('are refused when an amount is negative, fractional, too large or zero where a price is needed, and from the tenant itself', async () => {
    const before = await use('readCreditSettings', {});
    const path = `/tenants/${tenant.slug}/credits/settings`;
    const token = await setting.operator.token();
    for (const json of [
      { overageMaxMicrocredits: -1 },
      { overageMaxMicrocredits: 0.5 },
      { overageMaxMicrocredits: 9_000_000_000_000_001 },
      { unknownPriceMicrocredits: 0 },
      { lowCreditMicrocredits: 0 },
      { overagePolicy: 'free' },
    ]) {
      const refused = await setting.call('PUT', path, { token, json });
      assert.deepEqual([refused.status, refused.body['code']], [400, 'request.invalid'], JSON.stringify(json));
    }
    const own = await setting.call('PUT', path, { token: await tenant.token(), json: { overagePolicy: 'debit' } });
    assert.equal(own.status, 403);
    assert.deepEqual(await use('readCreditSettings', {}), before);
  });
});
