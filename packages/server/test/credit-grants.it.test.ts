/**
 * Guarantee: a grant pays first what its tenant owes, what is left of a grant with an expiry leaves the wallet once when it ends, and no credits are made
 * or lost by it while tasks run.
 * Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { startCreditSetting } from './credit-setting.ts';
import type { CreditSetting } from './credit-setting.ts';
import { assertBooksAreSound } from './task-books.ts';
import type { SeededTenant } from './task-setting.ts';

const hourMs = 3_600_000;
const inHours = (hours: number): Date => new Date(Date.now() + hours * hourMs);

type Step =
  | { readonly do: 'grant'; readonly amount: bigint; readonly hours: number | null }
  | { readonly do: 'run' | 'transfer'; readonly amount: bigint }
  | { readonly do: 'wait'; readonly hours: number };

// Several grants are open at once, most are used in part, and some end meanwhile.
const grantStep = fc.record({
  do: fc.constant('grant' as const),
  amount: fc.bigInt({ min: 10n, max: 60n }),
  hours: fc.option(fc.integer({ min: 1, max: 12 })),
});
const useStep = fc.record({
  do: fc.constantFrom('run' as const, 'transfer' as const),
  amount: fc.bigInt({ min: 1n, max: 40n }),
});
const waitStep = fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 5 }) });
const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(grantStep, { minLength: 2, maxLength: 4 }),
    fc.array(fc.oneof(grantStep, useStep, useStep, waitStep), { minLength: 4, maxLength: 12 }),
  )
  .map(([grants, others]) => [...grants, ...others]);

const startedAtMs = Date.now();

/** Coins in the order in which they are spent. No task of it gives anything back. */
class Purse {
  nowMs = startedAtMs;
  expired = 0n;
  #coins: { left: bigint; readonly endsAtMs: number }[] = [];

  get available(): bigint {
    return this.#coins.reduce((sum, { left }) => sum + left, 0n);
  }

  timeIn(inHours: number): Date {
    // Half an hour off the waits, so that the time that the test takes decides nothing.
    return new Date(this.nowMs + (inHours - 0.5) * hourMs);
  }

  take(one: Step): void {
    if (one.do === 'grant') {
      const endsAtMs = one.hours === null ? Number.POSITIVE_INFINITY : this.timeIn(one.hours).getTime();
      this.#coins = [...this.#coins, { left: one.amount, endsAtMs }].toSorted((a, b) => a.endsAtMs - b.endsAtMs);
    } else if (one.do === 'wait') {
      this.nowMs += one.hours * hourMs;
      for (const coin of this.#coins.filter(({ endsAtMs }) => endsAtMs <= this.nowMs)) this.expired += coin.left;
      this.#coins = this.#coins.filter(({ endsAtMs }) => endsAtMs > this.nowMs);
    } else if (this.available >= one.amount) this.#spend(one.amount);
  }

  #spend(amount: bigint): void {
    let rest = amount;
    for (const coin of this.#coins) {
      const part = coin.left < rest ? coin.left : rest;
      coin.left -= part;
      rest -= part;
    }
  }
}

describe('grants with an expiry', () => {
  let setting: CreditSetting;
  before(async () => {
    setting = await startCreditSetting();
  });
  afterEach(async () => {
    await setting.database.setClockOffset(0);
    await assertBooksAreSound(setting);
  });
  after(() => setting[Symbol.asyncDispose]());

  const atHour = (hour: number): Promise<void> => setting.database.setClockOffset(hour * hourMs);

  async function leftOf(tenant: SeededTenant): Promise<string[]> {
    const rows = await setting.rows<{ amount: string; left: string; lapsed: boolean }>(
      `select amount_microcredits::text as amount, left_microcredits::text as left, lapsed_at is not null as lapsed
       from colloquy.credit_grants where tenant_id = $1 order by expires_at`,
      uuidOf(tenant.tenantId),
    );
    return rows.map(({ amount, left, lapsed }) => `${left}/${amount}${lapsed ? ' lapsed' : ''}`);
  }

  it('CREDIT-18 pay what the tenant owes before anything is available, and are not repaid a second time', async () => {
    const tenant = await setting.seedTenant({ credits: 10n });
    await setting.letOwe(tenant, 30n);
    const grantId = randomUUID();
    await setting.grantTo(tenant, 20n, { grantId });
    await setting.grantTo(tenant, 20n, { grantId });
    const owing = await setting.balanceOf(tenant);
    assert.deepEqual([owing.availableMicrocredits, owing.overageMicrocredits], [0n, 10n]);
    await setting.grantTo(tenant, 25n, { expiresAt: inHours(1) });
    const paid = await setting.balanceOf(tenant);
    assert.deepEqual([paid.availableMicrocredits, paid.overageMicrocredits], [15n, 0n]);
    assert.deepEqual(await leftOf(tenant), ['15/25']);
    const repaid = (await setting.entriesOf(tenant)).filter((entry) => entry.startsWith('repay'));
    assert.deepEqual(repaid, ['repay 10', 'repay 20']);
    await atHour(2);
    assert.equal(await setting.lapseAll(), 15n);
  });

  it('CREDIT-19 are used in the order in which they expire, those that never expire last, and only what is left lapses, once', async () => {
    const tenant = await setting.seedTenant({ credits: 100n });
    await setting.grantTo(tenant, 40n, { expiresAt: inHours(4) });
    await setting.grantTo(tenant, 30n, { expiresAt: inHours(2) });
    await setting.runTask(tenant, 20n);
    await atHour(3);
    assert.equal(await setting.lapseAll(), 10n);
    await setting.runTask(tenant, 55n);
    await atHour(5);
    // 40 were used first, then 15 of those that never expire.
    assert.equal(await setting.lapseAll(), 0n);
    assert.equal(await setting.lapseAll(), 0n);
    assert.deepEqual(await leftOf(tenant), ['0/30 lapsed', '0/40 lapsed']);
    const balance = await setting.balanceOf(tenant);
    assert.deepEqual([balance.availableMicrocredits, balance.expiredMicrocredits], [85n, 10n]);
    assert.deepEqual(await setting.auditedFacts(tenant, 'credits.lapsed'), [{ amountMicrocredits: '10', grants: '1' }]);
  });

  it('CREDIT-19 leave a reservation alone: it is used by its task, or comes back and never expires', async () => {
    const tenant = await setting.seedTenant({ credits: 0n });
    await setting.grantTo(tenant, 50n, { expiresAt: inHours(1) });
    const held = await setting.openTask(tenant, 20n);
    await atHour(2);
    assert.equal(await setting.lapseAll(), 30n);
    await held.end('FAILED');
    await atHour(100);
    assert.equal(await setting.lapseAll(), 0n);
    assert.equal((await setting.balanceOf(tenant)).availableMicrocredits, 20n);
  });

  it('CREDIT-20 lapse exactly once when several processes do it at once while tasks run, and never below zero', async () => {
    const tenant = await setting.seedTenant({ credits: 300n });
    for (let at = 0; at < 10; at += 1) await setting.grantTo(tenant, 20n, { expiresAt: inHours(1) });
    await atHour(2);
    const sends = Array.from({ length: 40 }, (_, at) =>
      setting.runTask(tenant, 10n, at % 3 === 0 ? 'FAILED' : 'COMPLETED'),
    );
    const lapsed = await Promise.all([setting.lapseAll(), setting.lapseAll(), setting.lapseAll()]);
    await Promise.all(sends);
    const total = lapsed.reduce((sum, one) => sum + one, 0n);
    const balance = await setting.balanceOf(tenant);
    assert.equal(balance.expiredMicrocredits, total);
    assert.equal(balance.availableMicrocredits, 500n - total - balance.usedMicrocredits);
    assert.ok(total <= 200n);
    assert.equal((await setting.auditedFacts(tenant, 'credits.lapsed')).length, total > 0n ? 1 : 0);
    assert.ok((await leftOf(tenant)).every((left) => left === '0/20 lapsed'));
  });

  it('CREDIT-20 lapse although the wallet of another tenant is locked, which lapses when it is free', async () => {
    const [stuck, free] = [await setting.seedTenant({ credits: 0n }), await setting.seedTenant({ credits: 0n })];
    await setting.grantTo(stuck, 5n, { expiresAt: inHours(1) });
    await setting.grantTo(free, 7n, { expiresAt: inHours(1.5) });
    await atHour(2);
    const held = await setting.holdWallet(stuck.tenantId);
    try {
      await assert.rejects(setting.lapseAll(), { code: 'platform.unavailable' });
      assert.equal((await setting.balanceOf(free)).expiredMicrocredits, 7n);
    } finally {
      await held.release();
    }
    assert.equal(await setting.lapseAll(), 5n);
  });

  it('CREDIT-19 leave in each grant what a purse would hold whose coins are spent in the order in which they expire', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const [tenant, peer] = [await setting.seedTenant({ credits: 0n }), await setting.seedTenant({ credits: 0n })];
        const purse = new Purse();
        for (const one of taken) {
          if (one.do === 'grant')
            await setting.grantTo(tenant, one.amount, one.hours === null ? {} : { expiresAt: purse.timeIn(one.hours) });
          if (one.do === 'run' && purse.available >= one.amount) await setting.runTask(tenant, one.amount);
          if (one.do === 'transfer' && purse.available >= one.amount)
            await setting.transfer(tenant, peer.slug, one.amount);
          purse.take(one);
          if (one.do !== 'wait') continue;
          await setting.database.setClockOffset(purse.nowMs - startedAtMs);
          await setting.lapseAll();
        }
        const { availableMicrocredits, expiredMicrocredits } = await setting.balanceOf(tenant);
        assert.deepEqual([availableMicrocredits, expiredMicrocredits], [purse.available, purse.expired]);
        await setting.database.setClockOffset(0);
      }),
      { numRuns: 20 },
    );
  });

  it('are refused when they expire in the past, when too many are open, or when their id was used in another way; nothing changes', async () => {
    const tenant = await setting.seedTenant({ credits: 0n });
    await assert.rejects(setting.grantTo(tenant, 5n, { expiresAt: inHours(-1) }), { code: 'request.invalid' });
    const [grantId, expiresAt] = [randomUUID(), inHours(1)];
    await setting.grantTo(tenant, 5n, { grantId, expiresAt });
    for (const other of [{ grantId }, { grantId, expiresAt: inHours(3) }]) {
      await assert.rejects(setting.grantTo(tenant, 5n, other), { code: 'credits.grant-conflict' });
    }
    const peer = await setting.seedTenant({ credits: 50n });
    const transferId = randomUUID();
    await setting.transfer(peer, tenant.slug, 3n, transferId);
    for (const amount of [3n, 4n]) {
      await assert.rejects(setting.grantTo(tenant, amount, { grantId: transferId }), {
        code: 'credits.grant-conflict',
      });
    }
    await setting.rows(
      `insert into colloquy.credit_grants (tenant_id, grant_id, amount_microcredits, left_microcredits, expires_at)
       select $1, gen_random_uuid(), 1, 0, now() + interval '1 day' from generate_series(2, $2)`,
      uuidOf(tenant.tenantId),
      limits.creditGrantsExpiringMax,
    );
    await assert.rejects(setting.grantTo(tenant, 5n, { expiresAt }), { code: 'credits.too-many-grants' });
    assert.equal((await setting.balanceOf(tenant)).availableMicrocredits, 8n);
    // A repeat of the first is no further grant, also when the grant has expired.
    await atHour(2);
    assert.equal((await setting.grantTo(tenant, 5n, { grantId, expiresAt })).balance.availableMicrocredits, 8n);
    assert.equal(await setting.lapseAll(), 5n);
  });
});
