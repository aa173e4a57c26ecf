/**
 * Guarantee: a platform lapses what has expired and reconciles wallets by itself, and tells operators by metrics and its log.
 * Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform } from '@colloquy/testkit';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';

const paces: readonly number[] = [limits.creditLapseEveryMs, limits.creditReconcilePollMs];

describe('the duties of credits', () => {
  let platform: TestPlatform;
  let admin: DatabasePool;
  /** Slices that wait for their minute to pass. */
  const waiting: (() => void)[] = [];

  before(async () => {
    const after: typeof systemClock.after = (delayMs, run) => {
      if (!paces.includes(delayMs)) return systemClock.after(delayMs, run);
      waiting.push(run);
      return () => undefined;
    };
    platform = await startTestPlatform({ clock: { ...systemClock, after } });
    admin = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'credit-duties-test' });
  });
  after(async () => {
    await admin.end();
    await platform[Symbol.asyncDispose]();
  });

  async function metric(name: string): Promise<string | undefined> {
    const text = await (await fetch(`${platform.opsUrl}/metrics`)).text();
    return new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1];
  }

  async function untilMetrics(lapsed: string, drift: string): Promise<void> {
    await eventually(`metrics of ${lapsed} lapsed and ${drift} adrift`, async () => {
      for (const run of waiting.splice(0)) run();
      const read = [
        await metric('colloquy_credit_lapsed_microcredits'),
        await metric('colloquy_credit_drift_microcredits'),
      ];
      return read.join() === `${lapsed},${drift}`;
    });
  }

  it('CREDIT-29 lapse, find a drift, and tell it by metrics and in the log until it is put right', async () => {
    const tenant = await platform.createTenant('acme', { credits: 0 });
    const credits = platform.operator.admin.forTenant('acme');
    await credits.grantCredits({ body: { amountMicrocredits: 700, expiresAt: '2999-01-01T00:00:00Z' } });
    await untilMetrics('0', '0');
    await admin.query(`update colloquy.credit_grants set expires_at = now() - interval '1 second'`);
    await untilMetrics('700', '0');
    assert.equal((await credits.readBalance()).expiredMicrocredits, 700);
    const tamper = (by: number): Promise<unknown> =>
      admin.query(
        `update colloquy.wallets set granted_microcredits = granted_microcredits + $1, available_microcredits = available_microcredits + $1
         where expired_microcredits = 700`,
        [by],
      );
    const letDayPass = `update colloquy.credit_reconciliations set checked_at = checked_at - interval '25 hours'`;
    await tamper(4);
    await admin.query(letDayPass);
    await untilMetrics('700', '8');
    const lines = platform.logLines.filter((line) => line.includes('does not agree with its ledger'));
    const logged = lines.map((line) => JSON.parse(line) as { level: string; tenantId: string; what: string });
    assert.deepEqual(
      logged.map(({ level, what }) => [level, what]),
      [['error', 'granted: expected 700, found 704; available: expected 0, found 4']],
    );
    const { drifts } = await tenant.client.admin.readReconciliation();
    assert.deepEqual(drifts, [
      { of: 'granted', expectedMicrocredits: 700, foundMicrocredits: 704 },
      { of: 'available', expectedMicrocredits: 0, foundMicrocredits: 4 },
    ]);
    await tamper(-4);
    await admin.query(letDayPass);
    await untilMetrics('700', '0');
  });
});
