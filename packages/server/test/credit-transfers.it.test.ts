/**
 * Guarantee: a transfer moves credits once between two wallets and makes or loses none, whatever runs beside it; one that does not fit changes nothing.
 * Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import { startCreditSetting } from './credit-setting.ts';
import type { CreditSetting } from './credit-setting.ts';
import { assertBooksAreSound } from './task-books.ts';
import type { SeededTenant } from './task-setting.ts';

const hourMs = 3_600_000;

describe('transfers of credits', () => {
  let setting: CreditSetting;
  before(async () => {
    setting = await startCreditSetting();
  });
  afterEach(() => assertBooksAreSound(setting));
  after(() => setting[Symbol.asyncDispose]());

  const seedTwo = async (credits: bigint): Promise<[SeededTenant, SeededTenant]> => [
    await setting.seedTenant({ credits }),
    await setting.seedTenant({ credits: 0n }),
  ];
  async function held(tenant: SeededTenant): Promise<{ granted: bigint; available: bigint }> {
    const { grantedMicrocredits, availableMicrocredits } = await setting.balanceOf(tenant);
    return { granted: grantedMicrocredits, available: availableMicrocredits };
  }

  it('CREDIT-21 write both sides and both audit entries once, however often they are sent at once', async () => {
    const [from, to] = await seedTwo(100n);
    const transferId = randomUUID();
    const sent = await Promise.all(Array.from({ length: 20 }, () => setting.transfer(from, to.slug, 40n, transferId)));
    for (const one of sent) assert.deepEqual(one, sent[0]);
    assert.deepEqual(
      [await held(from), await held(to)],
      [
        { granted: 60n, available: 60n },
        { granted: 40n, available: 40n },
      ],
    );
    assert.deepEqual(await setting.entriesOf(from), ['transfer-out 40', 'grant 100']);
    assert.deepEqual(await setting.entriesOf(to), ['transfer-in 40']);
    assert.deepEqual(await setting.auditedFacts(from, 'credits.transferred-out'), [{ amountMicrocredits: '40' }]);
    assert.deepEqual(await setting.auditedFacts(to, 'credits.transferred-in'), [{ amountMicrocredits: '40' }]);
  });

  it('CREDIT-21 pay first what the tenant that receives owes', async () => {
    const [from, to] = [await setting.seedTenant({ credits: 50n }), await setting.seedTenant({ credits: 1n })];
    await setting.letOwe(to, 12n);
    await setting.transfer(from, to.slug, 30n);
    const balance = await setting.balanceOf(to);
    assert.deepEqual([balance.availableMicrocredits, balance.overageMicrocredits], [18n, 0n]);
  });

  it('CREDIT-21 take from the grant that expires first, and what arrives never expires', async () => {
    const [from, to] = await seedTwo(0n);
    await setting.grantTo(from, 30n, { expiresAt: new Date(Date.now() + hourMs) });
    await setting.transfer(from, to.slug, 20n);
    await setting.database.setClockOffset(2 * hourMs);
    assert.equal(await setting.lapseAll(), 10n);
    await setting.database.setClockOffset(0);
    assert.deepEqual([(await held(from)).available, (await held(to)).available], [0n, 20n]);
  });

  it('CREDIT-22 are refused beyond what is available, to the same tenant, to a tenant that does not exist, or beyond a bound; nothing changes', async () => {
    const [from, to] = await seedTwo(100n);
    await setting.openTask(from, 30n);
    const state = async (): Promise<unknown> => [
      [await setting.balanceOf(from), await setting.entriesOf(from)],
      [await setting.balanceOf(to), await setting.entriesOf(to)],
      await setting.rows(
        `select resource from colloquy.audit_entries where action like 'credits.trans%' order by entry_id`,
      ),
    ];
    const before = await state();
    const refusals = [
      [to.slug, 71n, 'credits.insufficient'],
      [from.slug, 1n, 'request.invalid'],
      ['no-such-tenant', 1n, 'tenancy.tenant-unknown'],
      [to.slug, 0n, 'credits.amount-invalid'],
      [to.slug, -1n, 'credits.amount-invalid'],
      [to.slug, BigInt(limits.amountMicrocreditsMax) + 1n, 'credits.amount-invalid'],
    ] as const;
    for (const [slug, amount, code] of refusals) {
      await assert.rejects(setting.transfer(from, slug, amount), { code }, `${slug} ${amount}`);
    }
    await assert.rejects(setting.transfer(from, to.slug, 1n, 'x'), { code: 'request.invalid' });
    await assert.rejects(setting.transfer(from, to.slug, 71n), {
      details: { neededMicrocredits: '71', availableMicrocredits: '70' },
    });
    assert.deepEqual(await state(), before);
    const full = await setting.seedTenant({ credits: BigInt(limits.amountMicrocreditsMax) });
    await assert.rejects(setting.transfer(from, full.slug, 1n), { code: 'credits.amount-invalid' });
    assert.equal((await held(from)).available, 70n);
  });

  it('CREDIT-22 are refused when their id was used with another amount, tenant or direction, or for a grant', async () => {
    const [from, to] = await seedTwo(100n);
    const third = await setting.seedTenant({ credits: 10n });
    const transferId = randomUUID();
    await setting.transfer(from, to.slug, 5n, transferId);
    const others = [
      () => setting.transfer(from, to.slug, 6n, transferId),
      () => setting.transfer(from, third.slug, 5n, transferId),
      () => setting.transfer(third, to.slug, 5n, transferId),
      () => setting.transfer(to, from.slug, 5n, transferId),
      () => setting.transfer(to, third.slug, 5n, transferId),
    ];
    for (const other of others) await assert.rejects(other(), { code: 'credits.transfer-conflict' });
    const grantId = randomUUID();
    await setting.grantTo(to, 3n, { grantId });
    await assert.rejects(setting.transfer(from, to.slug, 3n, grantId), { code: 'credits.transfer-conflict' });
    assert.deepEqual(
      [(await held(from)).available, (await held(to)).available, (await held(third)).available],
      [95n, 8n, 10n],
    );
  });

  it('CREDIT-23 race with sends, with each other and with lapses in both directions, and the credits of both tenants add up', async () => {
    const [one, other] = [await setting.seedTenant({ credits: 200n }), await setting.seedTenant({ credits: 200n })];
    await setting.grantTo(one, 50n, { expiresAt: new Date(Date.now() + hourMs) });
    await setting.database.setClockOffset(2 * hourMs);
    const runs = Array.from({ length: 30 }, async (_, at) => {
      const [from, to] = at % 2 === 0 ? [one, other] : [other, one];
      await Promise.all([
        setting.runTask(from, 9n, at % 3 === 0 ? 'FAILED' : 'COMPLETED'),
        setting.transfer(from, to.slug, 17n).catch((error: unknown) => {
          assert.equal((error as { code?: string }).code, 'credits.insufficient');
        }),
        at % 10 === 0 ? setting.lapseAll() : undefined,
      ]);
    });
    await Promise.all(runs);
    await setting.database.setClockOffset(0);
    const balances = [await setting.balanceOf(one), await setting.balanceOf(other)];
    const sum = (of: (balance: (typeof balances)[number]) => bigint): bigint =>
      balances.reduce((total, balance) => total + of(balance), 0n);
    assert.equal(
      sum(({ grantedMicrocredits }) => grantedMicrocredits),
      450n,
    );
    assert.equal(
      sum((b) => b.availableMicrocredits + b.usedMicrocredits + b.expiredMicrocredits),
      450n,
    );
  });
});
