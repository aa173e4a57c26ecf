/** Guarantee: a client that can not get through does not make things worse: tries are few, pauses grow and are spread. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextPauseMs } from './backoff.ts';
import { clientLimits } from './client-limits.ts';
import { ColloquyError } from './colloquy-error.ts';
import type { Retry } from './colloquy-error.ts';

const failure = (retry: Retry) => new ColloquyError({ code: 'x.y', kind: 'unavailable', message: 'm', retry });
const same = failure({ kind: 'same-request' });

describe('backoff', () => {
  it('doubles the room for the pause, up to a ceiling, and draws from all of it', () => {
    const ceilings = [1, 2, 3, 4].map((failures) => nextPauseMs(same, failures, () => 1));
    assert.deepEqual(ceilings, [200, 400, 800, 1_600]);
    assert.equal(
      nextPauseMs(same, 4, () => 0),
      0,
    );
  });

  it('ends when all attempts are used', () => {
    assert.equal(
      nextPauseMs(same, clientLimits.attemptsMax, () => 0),
      undefined,
    );
  });

  it('waits at least as long as it is asked to, and not at all when that is too long', () => {
    const after = (retryAfterMs: number) => failure({ kind: 'after', retryAfterMs });
    assert.equal(
      nextPauseMs(after(3_000), 1, () => 0.5),
      3_100,
    );
    assert.equal(
      nextPauseMs(after(clientLimits.retryAfterMsMax + 1), 1, () => 0),
      undefined,
    );
  });

  it('never repeats what asking again can not help, nor a defect of its own', () => {
    assert.equal(
      nextPauseMs(failure({ kind: 'never' }), 1, () => 0),
      undefined,
    );
    assert.equal(
      nextPauseMs(new TypeError('defect'), 1, () => 0),
      undefined,
    );
  });
});
