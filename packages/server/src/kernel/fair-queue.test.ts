/** Guarantee: no tenant's work waits for more than one piece of another tenant's, needless work is not done, and other work has most of the thread. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropped, FairQueue } from './fair-queue.ts';

describe('the fair queue', () => {
  it('takes tenants in turn, and the work of each in its order', async () => {
    const queue = new FairQueue();
    const done: string[] = [];
    const work = (tenant: number, name: string): Promise<unknown> =>
      queue.run(`tnt_${tenant}` as const, async () => {
        await Promise.resolve();
        done.push(name);
      });
    await Promise.all([work(1, 'a1'), work(1, 'a2'), work(1, 'a3'), work(1, 'a4'), work(2, 'b1'), work(2, 'b2')]);
    assert.deepEqual(done, ['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
  });

  it('runs one piece of work at a time, and goes on after one that fails', async () => {
    const queue = new FairQueue();
    let running = 0;
    const results = Array.from({ length: 3 }, (_, nth) =>
      queue.run('tnt_1', async () => {
        running += 1;
        assert.equal(running, 1);
        await Promise.resolve();
        running -= 1;
        if (nth === 1) throw new Error('broken');
        return nth;
      }),
    );
    const settled = await Promise.allSettled(results);
    assert.deepEqual(
      settled.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
      [0, 'Error: broken', 2],
    );
  });

  it('drops work that is needless by its turn, without a turn for it', async () => {
    const queue = new FairQueue();
    let isGone = false;
    const done: string[] = [];
    const first = queue.run('tnt_1', async () => {
      await Promise.resolve();
      isGone = true;
    });
    const needless = queue.run(
      'tnt_1',
      () => done.push('dropped'),
      () => isGone,
    );
    const last = queue.run('tnt_1', () => done.push('last'));
    await first;
    assert.equal(await needless, dropped);
    await last;
    assert.deepEqual(done, ['last']);
  });

  it('leaves the thread to other work for three times as long as its own work took', async () => {
    let nowMs = 0;
    const rests: (number | 'a round')[] = [];
    const after = (delayMs: number, run: () => void) => {
      rests.push(delayMs);
      queueMicrotask(run);
      return () => undefined;
    };
    const soon = (run: () => void): void => {
      rests.push('a round');
      queueMicrotask(run);
    };
    const queue = new FairQueue({ clock: { nowMs: () => nowMs, monotonicMs: () => nowMs, after }, soon });
    // Short pieces count together.
    await Promise.all([1, 1, 5, 0, 100].map((tookMs) => queue.run('tnt_1', () => (nowMs += tookMs))));
    await Promise.resolve();
    assert.deepEqual(rests, ['a round', 'a round', 6, 15, 'a round', 40]);
  });
});
