/**
 * Guarantee: a quota of sends is counted in rows that outlive every process, by the calendar in UTC, and exceeded by no more than the first
 * sends of each process.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, FakeClock } from '@colloquy/testkit';
import { createQuotaStore } from '../src/adapters/postgres/limits/quota-store.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { Limiter } from '../src/modules/limits/index.ts';
import { newLimiter } from './limit-setting.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

let setting: TaskSetting;
before(async () => {
  setting = await startTaskSetting();
});
after(() => setting[Symbol.asyncDispose]());

const callerOf = ({ tenantId, ownerId }: SeededTenant) => ({ tenant: { id: tenantId }, principal: { id: ownerId } });

describe('a quota', () => {
  const agent = { agentId: 'agt_1', agentName: 'echo', cardLimit: null };
  const startCounting = (processes: number, clock = new FakeClock(Date.UTC(2031, 0, 31, 12))) => {
    const limiter = newLimiter({
      clock,
      quotas: createQuotaStore(setting.readers),
      set: [
        {
          subject: { kind: 'tenant', id: '' },
          requestsPerSecond: null,
          burstRequests: null,
          sendsPerDay: 100,
          sendsPerMonth: 150,
        },
      ],
    });
    limiter.setProcesses(processes);
    return { clock, limiter };
  };
  const sends = (limiter: Limiter, tenant: SeededTenant): string => {
    try {
      limiter.admitSend(callerOf(tenant), agent);
      return 'sent';
    } catch (error) {
      assert.ok(error instanceof PlatformError);
      return `${error.code} ${error.details['limit'] ?? ''}`;
    }
  };
  const countOf = async (tenant: SeededTenant, period: string): Promise<bigint> => {
    const counts = await setting.rows<{ sum: string }>(
      'select coalesce(sum(sends), 0)::text as sum from colloquy.quota_counts where tenant_id = $1 and period = $2',
      uuidOf(tenant.tenantId),
      period,
    );
    return BigInt(counts[0]?.sum ?? 0);
  };
  /** Lets what was counted be told, and the answer come. */
  const tell = async (clock: FakeClock, done: () => Promise<boolean>): Promise<void> => {
    await clock.advance(limits.sharesExchangeMs);
    await eventually('it is told', done);
    await clock.advance(1);
  };

  it('is counted to the send by one process, day by day and month by month in UTC', async () => {
    const tenant = await setting.seedTenant();
    const { clock, limiter } = startCounting(1);
    await limiter.learn(tenant.tenantId);
    assert.equal(sends(limiter, tenant), 'sent');
    let sent = 1;
    await tell(clock, async () => (await countOf(tenant, 'day')) === 1n);
    await eventually('the quota is known', () => {
      if (sends(limiter, tenant) === 'sent') sent += 1;
      return sent >= 100;
    });
    assert.equal(sends(limiter, tenant), 'limits.quota-used tenant-day');
    await clock.advance(12 * 60 * 60_000);
    assert.equal(sends(limiter, tenant), 'sent', 'the next day is another month as well');
    await limiter.stop();
    assert.equal(await countOf(tenant, 'day'), 101n);
    assert.equal(await countOf(tenant, 'month'), 101n);
  });

  it('is exceeded by no more than the first sends of each process, and not again', async () => {
    const tenant = await setting.seedTenant();
    const clock = new FakeClock(Date.UTC(2031, 5, 1, 12));
    const both = [startCounting(2, clock).limiter, startCounting(2, clock).limiter];
    for (const limiter of both) await limiter.learn(tenant.tenantId);
    let sent = 0;
    for (let round = 0; round < 12; round += 1) {
      for (const limiter of both) for (let i = 0; i < 100; i += 1) if (sends(limiter, tenant) === 'sent') sent += 1;
      await clock.advance(limits.sharesExchangeMs);
      await eventually('both have told', async () => (await countOf(tenant, 'day')) >= BigInt(sent));
      await sleep(20);
      await clock.advance(1);
    }
    assert.ok(sent >= 100 && sent <= 100 + 2 * limits.quotaShareSendsMin, `${sent} of 100`);
    for (const limiter of both) assert.equal(sends(limiter, tenant), 'limits.quota-used tenant-day');
    await Promise.all(both.map((limiter) => limiter.stop()));
    assert.equal(await countOf(tenant, 'day'), BigInt(sent), 'every send was counted, and no refusal');
  });

  it('counts no send that was taken back', async () => {
    const tenant = await setting.seedTenant();
    const { limiter } = startCounting(1);
    await limiter.learn(tenant.tenantId);
    limiter.refundSend(limiter.admitSend(callerOf(tenant), agent));
    sends(limiter, tenant);
    await limiter.stop();
    assert.equal(await countOf(tenant, 'day'), 1n);
  });
});
