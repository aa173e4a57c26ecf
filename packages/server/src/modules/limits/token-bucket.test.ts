/** Guarantee: processes that share a bucket together take what it gives, and at most one more burst before their first exchange. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fill, newBucket, setRate, settle, take, takeReport, returnReport, waitMs } from './token-bucket.ts';
import type { Bucket, BucketReport } from './token-bucket.ts';

const rate = { perSecond: 10, burst: 20 };
const alone = { processes: 1, knownMs: 3_000 };

/** How many of `attempts` at one moment are admitted. */
function takeMany(bucket: Bucket, nowMs: number, { attempts = 1_000, processes = 1 } = {}): number {
  return Array.from({ length: attempts }, () => take(bucket, nowMs, { ...alone, processes })).filter(Boolean).length;
}

/** The shared bucket, as the stores keep it. */
function sharedStore(nowMs: () => number) {
  let tokens: number | null = null;
  let atMs = 0;
  return ({ perSecond, burst, taken, start }: BucketReport): number => {
    const filled = tokens === null ? start : Math.min(burst, tokens + (perSecond * (nowMs() - atMs)) / 1_000);
    tokens = Math.max(-burst, filled - taken);
    atMs = nowMs();
    return tokens;
  };
}

describe('a bucket of one process', () => {
  it('gives its burst at once, then its rate, and never fills above its burst', () => {
    const bucket = newBucket('b', rate, 1, 0);
    assert.equal(takeMany(bucket, 0), 20);
    assert.equal(waitMs(bucket, 1), 100);
    assert.equal(takeMany(bucket, 99), 0);
    assert.equal(takeMany(bucket, 100), 1);
    assert.equal(takeMany(bucket, 1_100), 10);
    assert.equal(takeMany(bucket, 1e9), 20);
  });

  it('gives its burst only once after a long idle time, and after a partial use', () => {
    const bucket = newBucket('b', rate, 1, 0);
    assert.equal(takeMany(bucket, 60_000), 20);
    assert.equal(takeMany(bucket, 61_000, { attempts: 3 }), 3);
    assert.equal(takeMany(bucket, 120_000), 20);
    assert.equal(takeMany(bucket, 120_000), 0);
    const shared = newBucket('b', rate, 2, 0);
    assert.equal(takeMany(shared, 60_000, { processes: 2 }), 10);
  });

  it('gives nothing more while the clock is stopped or steps back', () => {
    const bucket = newBucket('b', rate, 1, 5_000);
    assert.equal(takeMany(bucket, 5_000), 20);
    assert.equal(takeMany(bucket, 1_000), 0);
    assert.equal(takeMany(bucket, 5_000), 0);
  });

  it('applies a changed limit at once, lower or higher', () => {
    const bucket = newBucket('b', rate, 1, 0);
    setRate(bucket, { perSecond: 1, burst: 2 }, 1);
    assert.equal(takeMany(bucket, 0), 2);
    setRate(bucket, rate, 1);
    assert.equal(takeMany(bucket, 0), 0, 'what was taken stays taken');
    assert.equal(takeMany(bucket, 1_000), 10);
  });
});

describe('a bucket that processes share', () => {
  it('gives each process its strict share, and so together never more than the limit, without any exchange', () => {
    const processes = 4;
    const buckets = Array.from({ length: processes }, () => newBucket('b', rate, processes, 0));
    const at = (nowMs: number) => buckets.reduce((sum, bucket) => sum + takeMany(bucket, nowMs, { processes }), 0);
    assert.equal(at(0), 20);
    let taken = 0;
    for (let nowMs = 100; nowMs <= 10_000; nowMs += 100) taken += at(nowMs);
    assert.equal(taken, 100);
  });

  it('admits one request in every process, however small the limit is', () => {
    const bucket = newBucket('b', { perSecond: 1, burst: 1 }, 5, 0);
    assert.equal(takeMany(bucket, 0, { processes: 5 }), 1);
  });

  for (const processes of [2, 3]) {
    it(`is kept by ${processes} processes that exchange their usage, and an overdraft is compensated`, () => {
      let nowMs = 0;
      const store = sharedStore(() => nowMs);
      const settings = { processes, knownMs: 3_000 };
      const buckets = Array.from({ length: processes }, () => newBucket('b', rate, processes, 0));
      let taken = 0;
      for (; nowMs <= 20_000; nowMs += 50) {
        for (const bucket of buckets) {
          taken += takeMany(bucket, nowMs, { processes });
          settle(bucket, store(takeReport(bucket)), nowMs, settings);
        }
        const bound = 2 * rate.burst + (rate.perSecond * nowMs) / 1_000;
        assert.ok(taken <= bound, `${taken} of ${bound} after ${nowMs} ms`);
      }
      const limit = rate.burst + rate.perSecond * 20;
      assert.ok(taken <= limit + processes, `${taken} of ${limit} in the long run`);
      assert.ok(taken >= limit * 0.9, `${taken} of ${limit}: it gives what it has`);
    });
  }

  it('gives one process what the others leave unused', () => {
    let nowMs = 0;
    const store = sharedStore(() => nowMs);
    const busy = newBucket('b', rate, 2, 0);
    let taken = 0;
    for (; nowMs <= 20_000; nowMs += 50) {
      taken += takeMany(busy, nowMs, { processes: 2 });
      settle(busy, store(takeReport(busy)), nowMs, { processes: 2, knownMs: 3_000 });
    }
    assert.ok(taken >= 0.9 * (rate.burst + rate.perSecond * 20), `${taken}`);
  });

  it('gives nothing until its overdraft is compensated, and then keeps to its strict share while the store is away', () => {
    const settings = { processes: 2, knownMs: 3_000 };
    const bucket = newBucket('b', rate, 2, 0);
    settle(bucket, -5, 0, settings);
    assert.equal(takeMany(bucket, 500, { processes: 2 }), 0);
    assert.equal(takeMany(bucket, 1_500, { processes: 2 }), 5);
    assert.equal(takeMany(bucket, 9_000, { processes: 2 }), 10);
    settle(bucket, -5, 9_000, settings);
    fill(bucket, 9_500, settings);
    assert.equal(takeMany(bucket, 10_500, { processes: 2 }), 5, 'a request in between changes nothing');
  });

  it('gives nothing for at most as long as the last answer counts as known', () => {
    const settings = { processes: 2, knownMs: 3_000 };
    const bucket = newBucket('b', { perSecond: 1, burst: 20 }, 2, 0);
    settle(bucket, -20, 0, settings);
    assert.equal(takeMany(bucket, 3_000, { processes: 2 }), 0);
    assert.equal(takeMany(bucket, 7_000, { processes: 2 }), 2);
  });

  it('reports again what the store did not receive, and starts a lost bucket with its last known fill', () => {
    const bucket = newBucket('b', rate, 1, 0);
    takeMany(bucket, 0, { attempts: 7 });
    const lost = takeReport(bucket);
    assert.deepEqual([lost.taken, lost.start], [7, 20]);
    returnReport(bucket, lost);
    assert.equal(takeReport(bucket).taken, 7);
    settle(bucket, 3, 0, alone);
    takeMany(bucket, 0, { attempts: 2 });
    assert.deepEqual([takeReport(bucket).taken, takeReport(bucket).start], [2, 3]);
  });
});
