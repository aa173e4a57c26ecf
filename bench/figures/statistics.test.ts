/** Guarantee: a figure we publish is the one its name says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, percentile, slope } from './statistics.ts';

describe('figures', () => {
  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    assert.equal(percentile(hundred, 0.5), 50);
    assert.equal(percentile(hundred, 0.99), 99);
    assert.equal(percentile(hundred, 1), 100);
    assert.equal(percentile([7], 0.01), 7);
    assert.equal(percentile([], 0.5), 0);
  });

  it('takes the middle of rounds in any order and leaves them alone', () => {
    const rounds = [9, 1, 5];
    assert.equal(median(rounds), 5);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(median([]), 0);
    assert.deepEqual(rounds, [9, 1, 5]);
  });

  it('finds growth under noise and none where there is none', () => {
    const minutes = Array.from({ length: 180 }, (_, second) => second / 60);
    const noise = (index: number) => (index % 2 === 0 ? 3 : -3);
    const growing = minutes.map((x, index) => ({ x, y: 200 + 2 * x + noise(index) }));
    const flat = minutes.map((x, index) => ({ x, y: 200 + noise(index) }));
    assert.ok(Math.abs(slope(growing) - 2) < 0.05);
    assert.ok(Math.abs(slope(flat)) < 0.05);
    assert.equal(slope([{ x: 1, y: 5 }]), 0);
  });
});
