/** Guarantee: processes that share a bucket take together what it gives, and at most one further burst before they hear of each other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fill, newBucket, setRate, settle, take, tell, untell, waitMs } from './token-bucket.ts';
import type { Bucket, BucketTold } from './token-bucket.ts';

const rate = { perSecond: 10, burst: 20 };
const alone = { processes: 1, knownMs: 3_000 };

/** How many of `tries` at one moment are let through. */
function takeMany(bucket: Bucket, nowMs: number, { tries = 1_000, processes = 1 } = {}): number {
  return Array.from({ length: tries }, () => take(bucket, nowMs, { ...alone, processes })).filter(Boolean).length;
}

/** The bucket that everybody shares, as the stores keep it. */
function sharedStore(nowMs: () => number) {
  let tokens: number | null = null;
  let atMs = 0;
  return ({ perSecond, burst, taken, start }: BucketTold): number => {
    const filled = tokens === null ? start : Math.min(burst, tokens + (perSecond * (nowMs() - atMs)) / 1_000);
    tokens = Math.max(-burst, filled - taken);
    atMs = nowMs();
    return tokens;
  };
}

describe('a bucket of one process', () => {
  it('gives its burst at once, then its rate, and is full again after a while and no fuller', () => {
    const bucket = newBucket('b', rate, 1, 0);
    assert.equal(takeMany(bucket, 0), 20);
    assert.equal(waitMs(bucket, 1), 100);
    assert.equal(takeMany(bucket, 99), 0);
    assert.equal(takeMany(bucket, 100), 1);
    assert.equal(takeMany(bucket, 1_100), 10);
    assert.equal(takeMany(bucket, 1e9), 20);
  });

  it('gives its burst once after it was full for long, and after it was not empty', () => {
    const bucket = newBucket('b', rate, 1, 0);
    assert.equal(takeMany(bucket, 60_000), 20);
    assert.equal(takeMany(bucket, 61_000, { tries: 3 }), 3);
    assert.equal(takeMany(bucket, 120_000), 20);
    assert.equal(takeMany(bucket, 120_000), 0);
    const shared = newBucket('b', rate, 2, 0);
    assert.equal(takeMany(shared, 60_000, { processes: 2 }), 10);
  });

  it('never gives more for a clock that stands still or steps back', () => {
    const bucket = newBucket('b', rate, 1, 5_000);
    assert.equal(takeMany(bucket, 5_000), 20);
    assert.equal(takeMany(bucket, 1_000), 0);
    assert.equal(takeMany(bucket, 5_000), 0);
  });

  it('counts a changed limit at once, down as well as up', () => {
    const bucket = newBucket('b', rate, 1, 0);
    setRate(bucket, { perSecond: 1, burst: 2 }, 1);
    assert.equal(takeMany(bucket, 0), 2);
    setRate(bucket, rate, 1);
    assert.equal(takeMany(bucket, 0), 0, 'what was taken stays taken');
    assert.equal(takeMany(bucket, 1_000), 10);
  });
});

describe('a bucket that processes share', () => {
  it('gives each its strict share, and so never more than its limit, while nobody hears of the others', () => {
    const processes = 4;
    const buckets = Array.from({ length: processes }, () => newBucket('b', rate, processes, 0));
    const at = (nowMs: number) => buckets.reduce((sum, bucket) => sum + takeMany(bucket, nowMs, { processes }), 0);
    assert.equal(at(0), 20);
    let taken = 0;
    for (let nowMs = 100; nowMs <= 10_000; nowMs += 100) taken += at(nowMs);
    assert.equal(taken, 100);
  });

  it('lets every process in once, however small the limit is', () => {
    const bucket = newBucket('b', { perSecond: 1, burst: 1 }, 5, 0);
    assert.equal(takeMany(bucket, 0, { processes: 5 }), 1);
  });

  for (const processes of [2, 3]) {
    it(`is kept by ${processes} processes that hear of each other, and paid back by who took too much`, () => {
      let nowMs = 0;
      const store = sharedStore(() => nowMs);
      const terms = { processes, knownMs: 3_000 };
      const buckets = Array.from({ length: processes }, () => newBucket('b', rate, processes, 0));
      let taken = 0;
      for (; nowMs <= 20_000; nowMs += 50) {
        for (const bucket of buckets) {
          taken += takeMany(bucket, nowMs, { processes });
          settle(bucket, store(tell(bucket)), nowMs, terms);
        }
        const bound = 2 * rate.burst + (rate.perSecond * nowMs) / 1_000;
        assert.ok(taken <= bound, `${taken} of ${bound} after ${nowMs} ms`);
      }
      const limit = rate.burst + rate.perSecond * 20;
      assert.ok(taken <= limit + processes, `${taken} of ${limit} in the long run`);
      assert.ok(taken >= limit * 0.9, `${taken} of ${limit}: it gives what it has`);
    });
  }

  it('gives to one process what the others leave', () => {
    let nowMs = 0;
    const store = sharedStore(() => nowMs);
    const busy = newBucket('b', rate, 2, 0);
    let taken = 0;
    for (; nowMs <= 20_000; nowMs += 50) {
      taken += takeMany(busy, nowMs, { processes: 2 });
      settle(busy, store(tell(busy)), nowMs, { processes: 2, knownMs: 3_000 });
    }
    assert.ok(taken >= 0.9 * (rate.burst + rate.perSecond * 20), `${taken}`);
  });

  it('holds back until what it is overdrawn by is paid back, and then lives by its strict share when nobody answers any more', () => {
    const terms = { processes: 2, knownMs: 3_000 };
    const bucket = newBucket('b', rate, 2, 0);
    settle(bucket, -5, 0, terms);
    assert.equal(takeMany(bucket, 500, { processes: 2 }), 0);
    assert.equal(takeMany(bucket, 1_500, { processes: 2 }), 5);
    assert.equal(takeMany(bucket, 9_000, { processes: 2 }), 10);
    settle(bucket, -5, 9_000, terms);
    fill(bucket, 9_500, terms);
    assert.equal(takeMany(bucket, 10_500, { processes: 2 }), 5, 'a look in between changes nothing');
  });

  it('holds back for no longer than what it knows is true', () => {
    const terms = { processes: 2, knownMs: 3_000 };
    const bucket = newBucket('b', { perSecond: 1, burst: 20 }, 2, 0);
    settle(bucket, -20, 0, terms);
    assert.equal(takeMany(bucket, 3_000, { processes: 2 }), 0);
    assert.equal(takeMany(bucket, 7_000, { processes: 2 }), 2);
  });

  it('tells again what nobody heard, and begins a lost bucket with what was known of it', () => {
    const bucket = newBucket('b', rate, 1, 0);
    takeMany(bucket, 0, { tries: 7 });
    const lost = tell(bucket);
    assert.deepEqual([lost.taken, lost.start], [7, 20]);
    untell(bucket, lost);
    assert.equal(tell(bucket).taken, 7);
    settle(bucket, 3, 0, alone);
    takeMany(bucket, 0, { tries: 2 });
    assert.deepEqual([tell(bucket).taken, tell(bucket).start], [2, 3]);
  });
});
