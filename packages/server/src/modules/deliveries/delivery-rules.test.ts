/** Guarantee: each answer of a receiver has one outcome, and the backoff before the next attempt is bounded, whatever the receiver asks for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { judgeAnswer } from './delivery-rules.ts';
import type { DeliveryAttempt } from './delivery-rules.ts';

const attempt = (over: Partial<DeliveryAttempt> = {}): DeliveryAttempt => ({
  attempts: 1,
  attemptsMax: 8,
  retryMs: 1_000,
  jitter: 0,
  ...over,
});
const answered = (status: number, retryAfterMs: number | null = null) =>
  ({ kind: 'answered', status, retryAfterMs }) as const;

describe('an answer', () => {
  it('with any 2xx status is a success, also after failed attempts', () => {
    for (const status of [200, 201, 202, 204, 299])
      assert.deepEqual(judgeAnswer(answered(status), attempt({ attempts: 8 })), { kind: 'delivered', status });
  });

  it('with any other status but 410 is retried, and dead-lettered after the last attempt', () => {
    for (const status of [101, 199, 300, 301, 307, 400, 401, 403, 404, 408, 409, 425, 429, 500, 503, 599]) {
      assert.equal(judgeAnswer(answered(status), attempt()).kind, 'retry', String(status));
      const last = judgeAnswer(answered(status), attempt({ attempts: 8 }));
      assert.deepEqual(last, { kind: 'dead', reason: 'http-status', status });
    }
  });

  it('with status 410 is dead-lettered at once', () => {
    assert.deepEqual(judgeAnswer(answered(410), attempt()), { kind: 'dead', reason: 'gone', status: 410 });
  });

  it('that did not arrive has a reason and no status', () => {
    const kinds = ['no-answer', 'address-refused', 'challenge-failed', 'unreadable'] as const;
    for (const kind of kinds) {
      const verdict = judgeAnswer(kind === 'no-answer' ? { kind, cause: null } : { kind }, attempt({ attempts: 8 }));
      assert.deepEqual(verdict, { kind: 'dead', reason: kind, status: null });
    }
  });
});

describe('the backoff before the next attempt', () => {
  const delayOf = (over: Partial<DeliveryAttempt>, askedMs: number | null = null): number => {
    const verdict = judgeAnswer(answered(503, askedMs), attempt({ attemptsMax: 100, ...over }));
    assert.equal(verdict.kind, 'retry');
    return verdict.kind === 'retry' ? verdict.delayMs : Number.NaN;
  };

  it('doubles with each attempt, up to a bound, and half of it is random', () => {
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

  it('follows Retry-After up to the same bound, and is never shorter than without it', () => {
    assert.equal(delayOf({}, 7_000), 7_000);
    assert.equal(delayOf({}, 10), 500);
    assert.equal(delayOf({}, 999_999_000), limits.deliveryRetryMsMax);
  });
});
