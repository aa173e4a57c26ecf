/** Guarantee: the commands of budgets set, list, show and remove them, in credits as people write them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

describe('the commands of budgets', () => {
  let setting: CommandSetting;

  before(async () => {
    setting = await startCommandSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  it('set, list, show and remove budgets', async () => {
    const { acme } = setting;
    assert.equal(await acme.told('budget', 'list'), 'There are no budgets.\n');
    assert.equal(
      await acme.told('budget', 'set', 'all', '--limit', '5000'),
      'Set the budget all for tenant; 5000 credits are left.\n',
    );
    const own = ['--limit', '0.25', '--per', 'day', '--department', 'Sales', '--soft', '--alert-at', '80,100'];
    await acme.told('budget', 'set', 'sales', ...own, '--burn-rate', '2.5');
    assert.match(
      await acme.told('budget', 'list'),
      /^NAME +FOR +PER +MODE +LIMIT +SPENT +LEFT\nall +tenant +month +hard +5000 +0 +5000\nsales +department Sales +day +soft +0\.25 +0 +0\.25\n$/,
    );
    const shown = await acme.told('budget', 'show', 'sales');
    assert.match(shown, /^budget +sales\nfor +department Sales\nperiod +day, \d{4}-\S+Z to \d{4}-\S+Z\nmode +soft\n/);
    assert.match(
      shown,
      /limit +0\.25\nspent +0\nreserved +0\nleft +0\.25\nalerts at +80 %, 100 %\nburn rate +alert at 2\.5\n/,
    );
    await acme.told('budget', 'set', 'once', '--limit', '3', '--per', 'total', '--alert-at', 'none');
    assert.match(await acme.told('budget', 'show', 'once'), /period +total\n(?:.*\n)*alerts at +none\n/);
    assert.deepEqual(await acme.value('budget', 'unset', 'sales'), { name: 'sales' });
    assert.equal((await acme.refused(5, 'budget', 'show', 'sales')).code, 'budgets.unknown');
  });

  it('allocate a client and an API key to a department', async () => {
    const { acme } = setting;
    const create = ['client', 'create', 'seller', '--department', 'Sales'];
    const made = await acme.value<{ clientId: string; department: string }>(...create);
    assert.equal(made.department, 'Sales');
    assert.equal(
      await acme.told('client', 'allocate', made.clientId, '--cost-center', 'CC-17'),
      `Tasks of ${made.clientId} count for: department of the agent, cost center CC-17.\n`,
    );
    const key = await acme.value<{ costCenter: string }>('api-key', 'create', 'ci', '--cost-center', 'CC-18');
    assert.equal(key.costCenter, 'CC-18');
    const empty = ['client', 'allocate', made.clientId, '--department', ''];
    assert.equal((await acme.refused(3, ...empty)).code, 'request.invalid');
    assert.equal((await acme.refused(5, 'client', 'allocate', 'cli_1')).code, 'access.client-unknown');
  });

  it('refuse amounts, scopes, thresholds and periods that cannot be meant', async () => {
    const { acme } = setting;
    const set = ['budget', 'set', 'wrong'];
    await acme.refused(2, ...set);
    for (const limit of ['-5', '1.2345678', 'much', '99999999999']) await acme.refused(2, ...set, `--limit=${limit}`);
    await acme.refused(2, ...set, '--limit', '1', '--agent', 'a', '--department', 'Sales');
    await acme.refused(2, ...set, '--limit', '1', '--alert-at', '50,many');
    await acme.refused(2, ...set, '--limit', '1', '--burn-rate', 'fast');
    await acme.refused(2, ...set, '--limit', '1', '--per', 'year');
    assert.equal((await acme.refused(5, 'budget', 'show', 'wrong')).code, 'budgets.unknown');
  });
});
