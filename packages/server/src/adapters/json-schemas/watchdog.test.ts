/** Guarantee: what would run for ever is stopped by the work that it costs, and what only waits for a busy machine is finished. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutOfTime, runWatched } from './watchdog.ts';

const budgetMs = 20;
const never = new Int32Array(new SharedArrayBuffer(4));

describe('watched work', () => {
  it('answers what it answers, and throws what it throws', () => {
    assert.equal(
      runWatched(() => () => 5, budgetMs),
      5,
    );
    const failing = (): never => {
      throw new TypeError('its own');
    };
    assert.throws(() => runWatched(() => failing, budgetMs), TypeError);
  });

  it('that never ends is stopped, and costs no more than a few budgets', () => {
    const before = process.threadCpuUsage();
    let begun = 0;
    const endless = (): never => {
      for (;;) begun += 1e-9;
    };
    assert.throws(() => runWatched(() => endless, budgetMs), OutOfTime);
    const { user, system } = process.threadCpuUsage(before);
    assert.ok((user + system) / 1_000 < 20 * budgetMs, `${user + system} µs`);
  });

  it('that a machine without time for it keeps waiting is finished, from its beginning', () => {
    let begun = 0;
    const begin = (): (() => number) => {
      begun += 1;
      return () => {
        // As if others had the processor: time goes by, and no work is done. Then it needs longer than its budget, but not for ever.
        Atomics.wait(never, 0, 0, (begun === 1 ? 500 : 3) * budgetMs);
        return begun;
      };
    };
    assert.equal(runWatched(begin, budgetMs), begun);
    // Others may have the processor in earnest.
    assert.ok(begun === 2 || begun === 3, String(begun));
  });

  it('that waits forever is abandoned after a few attempts', () => {
    let begun = 0;
    const begin = (): (() => string) => {
      begun += 1;
      return () => Atomics.wait(never, 0, 0);
    };
    assert.throws(() => runWatched(begin, budgetMs), OutOfTime);
    assert.equal(begun, 3);
  });
});
