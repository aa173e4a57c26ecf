/** Guarantee: a bound on a rate holds for each key alone, ends with its window, and costs bounded memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RateWindows } from './rate-windows.ts';

function startWindows(keysMax = 10) {
  const time = { ms: 5_000 };
  const clock = { nowMs: () => 0, monotonicMs: () => time.ms, after: () => () => undefined };
  return { time, windows: new RateWindows({ clock, countMax: 3, windowMs: 1_000, keysMax }) };
}

describe('rate windows', () => {
  it('let through the bound and say how long to wait above it', () => {
    const { time, windows } = startWindows();
    assert.deepEqual(
      [1, 2, 3].map(() => windows.count('a')),
      [0, 0, 0],
    );
    time.ms += 400;
    assert.equal(windows.blockedMs('a'), 600);
    assert.equal(windows.count('a'), 600);
    assert.equal(windows.count('b'), 0);
    assert.equal(windows.blockedMs('never seen'), 0);
  });

  it('open again exactly when the window ends', () => {
    const { time, windows } = startWindows();
    for (let i = 0; i < 10; i += 1) windows.count('a');
    time.ms += 999;
    assert.equal(windows.count('a'), 1);
    time.ms += 1;
    assert.equal(windows.blockedMs('a'), 0);
    assert.equal(windows.count('a'), 0);
  });

  it('watch a bounded number of keys', () => {
    const { windows } = startWindows(10);
    for (let i = 0; i < 3; i += 1) windows.count('oldest');
    assert.ok(windows.blockedMs('oldest') > 0);
    for (let i = 0; i < 10; i += 1) windows.count(`key ${i}`);
    assert.equal(windows.blockedMs('oldest'), 0, 'it made room');
  });
});
