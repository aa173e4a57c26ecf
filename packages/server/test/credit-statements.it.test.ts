/**
 * Guarantee: the statement of a month tells every entry of it once, and the closing balance of a month is the opening balance of the next.
 * Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidOf } from '../src/kernel/ids.ts';
import { emptyBalance, isBalanced } from '../src/modules/metering/index.ts';
import { startCreditSetting } from './credit-setting.ts';
import type { CreditSetting } from './credit-setting.ts';
import type { SeededTenant } from './task-setting.ts';

const months = ['2098-11', '2098-12', '2099-01', '2099-02', '2099-03'] as const;

describe('statements of credits', () => {
  let setting: CreditSetting;
  before(async () => {
    setting = await startCreditSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const goTo = (time: string): Promise<void> => setting.database.setClockOffset(Date.parse(time) - Date.now());

  /** `kind entries×amount` of the lines with entries. */
  async function linesOf(tenant: SeededTenant, month: string): Promise<string[]> {
    const { lines } = await setting.statementOf(tenant, month);
    return lines
      .filter(({ entries }) => entries > 0n)
      .map(({ kind, entries, amountMicrocredits }) => `${kind} ${entries}×${amountMicrocredits}`);
  }

  it('CREDIT-24 lead from month to month without a gap, and end with the wallet', async () => {
    const [tenant, peer] = [await setting.seedTenant({ credits: 0n }), await setting.seedTenant({ credits: 50n })];
    await goTo('2098-11-20T12:00:00Z');
    await setting.grantTo(tenant, 100n);
    await setting.grantTo(tenant, 40n, { expiresAt: new Date('2099-01-15T00:00:00Z') });
    await setting.runTask(tenant, 10n);
    const held = await setting.openTask(tenant, 25n);
    await goTo('2098-12-31T23:59:50Z');
    await setting.runTask(tenant, 5n, 'FAILED');
    await goTo('2099-01-20T00:00:00Z');
    await held.end('COMPLETED');
    await setting.lapseAll();
    await setting.transfer(peer, tenant.slug, 7n);
    await goTo('2099-03-10T00:00:00Z');
    await setting.transfer(tenant, peer.slug, 3n);
    assert.deepEqual(await Promise.all(months.map((month) => linesOf(tenant, month))), [
      ['grant 2×140', 'reserve 2×35', 'settle 1×10'],
      ['reserve 1×5', 'release 1×5'],
      ['settle 1×25', 'lapse 1×5', 'transfer-in 1×7'],
      [],
      ['transfer-out 1×3'],
    ]);
    const statements = await Promise.all(months.map((month) => setting.statementOf(tenant, month)));
    assert.deepEqual(statements[0]?.opening, emptyBalance);
    for (const [at, { opening, closing }] of statements.entries()) {
      assert.deepEqual(opening, statements[at - 1]?.closing ?? emptyBalance);
      assert.ok(isBalanced(closing));
    }
    assert.deepEqual(statements.at(-1)?.closing, await setting.balanceOf(tenant));
    assert.deepEqual(
      statements.map(({ isFinal }) => isFinal),
      [true, true, true, true, false],
    );
  });

  it('CREDIT-24 count an entry of midnight in the month that begins, and nothing of another tenant', async () => {
    const [tenant, peer] = [await setting.seedTenant({ credits: 0n }), await setting.seedTenant({ credits: 0n })];
    for (const [{ tenantId }, time, amount] of [
      [tenant, '2090-01-31T23:59:59.999999Z', 1],
      [tenant, '2090-02-01T00:00:00Z', 2],
      [tenant, '2090-02-28T23:59:59.999999Z', 4],
      [tenant, '2090-03-01T00:00:00Z', 8],
      [peer, '2090-02-10T00:00:00Z', 16],
    ] as const) {
      await setting.rows(
        `insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits, created_at)
         values ($1, gen_random_uuid(), 'grant', $2, $3)`,
        uuidOf(tenantId),
        amount,
        time,
      );
    }
    assert.deepEqual(await linesOf(tenant, '2090-02'), ['grant 2×6']);
    const { opening, closing } = await setting.statementOf(tenant, '2090-02');
    assert.deepEqual([opening.grantedMicrocredits, closing.grantedMicrocredits], [1n, 7n]);
  });

  it('CREDIT-24 are final an hour after their month, and refuse what is no month', async () => {
    const tenant = await setting.seedTenant();
    await goTo('2099-06-01T00:59:00Z');
    assert.equal((await setting.statementOf(tenant, '2099-05')).isFinal, false);
    await goTo('2099-06-01T01:00:01Z');
    assert.equal((await setting.statementOf(tenant, '2099-05')).isFinal, true);
    for (const month of ['2099-00', '2099-13', '2099-1', '1999-01', '2099-01-01', '', "2099-01'", '٢٠٢٦-01']) {
      await assert.rejects(setting.statementOf(tenant, month), { code: 'request.invalid' }, month);
    }
  });
});
