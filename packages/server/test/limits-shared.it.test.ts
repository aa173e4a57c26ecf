/**
 * Guarantee: however many processes share a limit, they admit together what it allows and at most one further burst; and what they
 * share it by may be lost, stopped or emptied without anybody being admitted more or waiting longer (F22).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@colloquy/testkit';
import { createBucketStore } from '../src/adapters/postgres/limits/bucket-store.ts';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { RedisBucketStore } from '../src/adapters/redis/index.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { BucketStore, Limiter } from '../src/modules/limits/index.ts';
import { away, newLimiter } from './limit-setting.ts';
import { redisProgram, startRedis } from './redis-server.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const rate = { perSecond: 100, burst: 50 };

let setting: TaskSetting;
before(async () => {
  setting = await startTaskSetting();
});
after(() => setting[Symbol.asyncDispose]());

interface Process {
  readonly limiter: Limiter;
  readonly lost: string[];
}

function startProcess(buckets: BucketStore, processes: number): Process {
  const lost: string[] = [];
  const limiter = newLimiter({
    clock: systemClock,
    buckets,
    defaults: { client: rate },
    onShares: (what, isWorking) => void lost.push(`${what} ${isWorking ? 'back' : 'lost'}`),
  });
  limiter.setProcesses(processes);
  return { limiter, lost };
}

const callerOf = ({ tenantId, ownerId }: SeededTenant) => ({ tenant: { id: tenantId }, principal: { id: ownerId } });

/** Whether one request of this caller is let through. */
function asks(limiter: Limiter, tenant: SeededTenant): boolean {
  try {
    limiter.admit(callerOf(tenant));
    return true;
  } catch (error) {
    assert.ok(error instanceof PlatformError && error.code === 'request.rate-limited');
    return false;
  }
}

/** Asks every process as fast as it can for a while; how many were let through, and in how many milliseconds. */
async function storm(processes: readonly Process[], tenant: SeededTenant, forMs: number) {
  const beganAtMs = performance.now();
  let admitted = 0;
  let slowestMs = 0;
  while (performance.now() - beganAtMs < forMs) {
    for (const { limiter } of processes) {
      const askedAtMs = performance.now();
      for (let i = 0; i < 20; i += 1) if (asks(limiter, tenant)) admitted += 1;
      slowestMs = Math.max(slowestMs, performance.now() - askedAtMs);
    }
    // The storm leaves the process its turns, as requests do.
    await sleep(5);
  }
  return { admitted, seconds: (performance.now() - beganAtMs) / 1_000, slowestMs };
}

function assertWithin({ admitted, seconds }: { admitted: number; seconds: number }, bursts = 2): void {
  const bound = bursts * rate.burst + rate.perSecond * (seconds + limits.sharesExchangeSoonMs / 1_000) + 1;
  assert.ok(admitted <= bound, `${admitted} of at most ${bound.toFixed(1)} in ${seconds.toFixed(2)} s`);
  assert.ok(admitted >= 0.5 * rate.perSecond * seconds, `${admitted} in ${seconds.toFixed(2)} s: it gives what it has`);
}

const stores = {
  PostgreSQL: () => createBucketStore(setting.readers),
};

for (const count of [2, 3]) {
  describe(`${count} processes over PostgreSQL`, () => {
    it('admit together what the limit allows and at most one further burst', async () => {
      const tenant = await setting.seedTenant();
      const processes = Array.from({ length: count }, () => startProcess(stores.PostgreSQL(), count));
      assertWithin(await storm(processes, tenant, 1_500));
      await Promise.all(processes.map(({ limiter }) => limiter.stop()));
      const names = await setting.rows<{ bucket_key: string }>('select bucket_key from colloquy.rate_buckets');
      assert.ok(names.length >= 2, 'the buckets of the client and of its tenant');
      assert.ok(!JSON.stringify(names).includes(uuidOf(tenant.tenantId)), 'a name does not reveal its tenant');
    });

    it('give one of them what the others leave', async () => {
      const tenant = await setting.seedTenant();
      const [busy] = Array.from({ length: count }, () => startProcess(stores.PostgreSQL(), count));
      assert.ok(busy !== undefined);
      const { admitted, seconds } = await storm([busy], tenant, 1_500);
      assert.ok(admitted >= 0.7 * rate.perSecond * seconds, `${admitted} in ${seconds.toFixed(2)} s`);
      await busy.limiter.stop();
    });
  });
}

describe('a process whose shares are lost', () => {
  it('falls back to its strict share, logs it once, and delays no request', async () => {
    const tenant = await setting.seedTenant();
    const processes = [startProcess(away, 2), startProcess(away, 2)];
    const result = await storm(processes, tenant, 1_500);
    assertWithin(result, 1);
    assert.ok(result.slowestMs < 100, `${result.slowestMs} ms for twenty requests`);
    for (const { limiter, lost } of processes) {
      assert.deepEqual(lost, ['rates lost']);
      await limiter.stop();
    }
  });

  it('does not slow the neighbour of a tenant that is over its limit', async () => {
    const [loud, quiet] = [await setting.seedTenant(), await setting.seedTenant()];
    const process = startProcess(stores.PostgreSQL(), 2);
    let refused = 0;
    for (let i = 0; i < 5_000; i += 1) if (!asks(process.limiter, loud)) refused += 1;
    assert.ok(refused >= 4_900, `${refused}`);
    for (let i = 0; i < rate.burst / 2; i += 1) assert.ok(asks(process.limiter, quiet));
    await process.limiter.stop();
  });
});

const skip = redisProgram === null ? 'there is no redis-server on this machine' : false;
describe('processes over Redis', { skip }, () => {
  it('admit together what the limit allows, through FLUSHALL, SIGSTOP and SIGKILL', async () => {
    await using redis = await startRedis(redisProgram ?? '');
    const tenant = await setting.seedTenant();
    const store = () => new RedisBucketStore(redis.url);
    const buckets = [store(), store()];
    const processes = buckets.map((one) => startProcess(one, 2));
    assertWithin(await storm(processes, tenant, 1_000));
    const flushing = storm(processes, tenant, 1_200);
    for (let i = 0; i < 5; i += 1) {
      await sleep(200);
      await redis.flush();
    }
    // A bucket that Redis lost begins with the last known state, so no client gets a second burst.
    assertWithin(await flushing, 1);
    redis.stopAnswering();
    const stopped = await storm(processes, tenant, 3_000);
    redis.goOn();
    assertWithin(stopped, 1);
    assert.ok(stopped.slowestMs < 100, `${stopped.slowestMs} ms for twenty requests`);
    assert.ok(processes.every(({ lost }) => lost.includes('rates lost')));
    await redis.kill();
    assertWithin(await storm(processes, tenant, 2_000), 1);
    await redis.startAgain();
    await eventually('Redis shares again', async () => {
      await storm(processes, tenant, 100);
      return processes.every(({ lost }) => lost.at(-1) === 'rates back');
    });
    assertWithin(await storm(processes, tenant, 1_500), 1);
    for (const { limiter } of processes) await limiter.stop();
    await Promise.all(buckets.map((one) => one.close()));
  });
});
