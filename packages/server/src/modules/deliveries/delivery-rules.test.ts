/** Guarantee: what an answer means for a notification, and how long the next try waits, whatever the receiver says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { judgeAnswer } from './delivery-rules.ts';
import type { Trial } from './delivery-rules.ts';

const trial = (over: Partial<Trial> = {}): Trial => ({
  attempts: 1,
  attemptsMax: 8,
  retryMs: 1_000,
  jitter: 0,
  ...over,
});
const answered = (status: number, retryAfterMs: number | null = null) =>
  ({ kind: 'answered', status, retryAfterMs }) as const;

describe('an answer', () => {
  it('of any 2xx is success, whatever was tried before', () => {
    for (const status of [200, 201, 202, 204, 299])
      assert.deepEqual(judgeAnswer(answered(status), trial({ attempts: 8 })), { kind: 'delivered', status });
  });

  it('of any other status but 410 is tried again, and given up after the last try', () => {
    for (const status of [101, 199, 300, 301, 307, 400, 401, 403, 404, 408, 409, 425, 429, 500, 503, 599]) {
      assert.equal(judgeAnswer(answered(status), trial()).kind, 'retry', String(status));
      const last = judgeAnswer(answered(status), trial({ attempts: 8 }));
      assert.deepEqual(last, { kind: 'dead', reason: 'http-status', status });
    }
  });

  it('of 410 is the last word', () => {
    assert.deepEqual(judgeAnswer(answered(410), trial()), { kind: 'dead', reason: 'gone', status: 410 });
  });

  it('that did not come says why without a number', () => {
    const kinds = ['no-answer', 'address-refused', 'challenge-failed', 'unreadable'] as const;
    for (const kind of kinds) {
      const verdict = judgeAnswer(kind === 'no-answer' ? { kind, cause: null } : { kind }, trial({ attempts: 8 }));
      assert.deepEqual(verdict, { kind: 'dead', reason: kind, status: null });
    }
  });
});

describe('the pause before the next try', () => {
  const delayOf = (over: Partial<Trial>, askedMs: number | null = null): number => {
    const verdict = judgeAnswer(answered(503, askedMs), trial({ attemptsMax: 100, ...over }));
    assert.equal(verdict.kind, 'retry');
    return verdict.kind === 'retry' ? verdict.delayMs : Number.NaN;
  };

  it('doubles with each try, up to a bound, and half of it is chance', () => {
    const longest = limits.deliveryRetryMsMax;
    assert.deepEqual(
      [1, 2, 3, 4].map((attempts) => delayOf({ attempts })),
      [500, 1_000, 2_000, 4_000],
    );
    assert.deepEqual(
      [1, 2].map((attempts) => delayOf({ attempts, jitter: 0.999_999 })),
      [1_000, 2_000],
    );
    assert.equal(delayOf({ attempts: 60 }), longest / 2);
    assert.equal(delayOf({ attempts: 60, jitter: 0.999_999_999 }), longest);
  });

  it('is as long as the receiver asks, up to the same bound, and never shorter than ours', () => {
    assert.equal(delayOf({}, 7_000), 7_000);
    assert.equal(delayOf({}, 10), 500);
    assert.equal(delayOf({}, 999_999_000), limits.deliveryRetryMsMax);
  });
});
