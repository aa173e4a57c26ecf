/** Guarantee: the commands of credits show and change what the platform holds, in credits as people write them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

describe('the commands of credits', () => {
  let setting: CommandSetting;

  before(async () => {
    setting = await startCommandSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  it('show and change how a tenant is charged, and keep what is not given', async () => {
    const { acme, operator } = setting;
    assert.match(
      await acme.told('credits', 'settings'),
      /overage +cap\noverage-max +0\nunknown-price +1\nlow-credit +none/,
    );
    const set = ['credits', 'configure', 'acme'];
    assert.match(
      await operator.told(...set, '--overage', 'debit', '--overage-max', '12.5', '--low-credit', '3'),
      /overage +debit\noverage-max +12\.5\nunknown-price +1\nlow-credit +3/,
    );
    await operator.told(...set, '--low-credit', 'none', '--unknown-price', '0.25');
    assert.deepEqual(await acme.value('credits', 'settings'), {
      overagePolicy: 'debit',
      overageMaxMicrocredits: 12_500_000,
      unknownPriceMicrocredits: 250_000,
      lowCreditMicrocredits: null,
    });
    await operator.refused(2, ...set, '--overage', 'never');
  });
});
