/** Guarantee: a seed repeats a run, and another seed is another run. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scheduleOf } from './schedule.ts';
import { createSeededRandom } from '../seeded-random.ts';

const bounds = { kills: 200, processes: 2, afterMsMin: 200, afterMsMax: 2000 };

describe('a schedule of kills', () => {
  it('is the same for the same seed', () => assert.deepEqual(scheduleOf(7, bounds), scheduleOf(7, bounds)));

  it('differs between neighbouring seeds', () => assert.notDeepEqual(scheduleOf(7, bounds), scheduleOf(8, bounds)));

  it('stays in its bounds and reaches every process', () => {
    const kills = scheduleOf(7, bounds);
    assert.equal(kills.length, 200);
    assert.ok(kills.every(({ afterMs, downMs }) => afterMs >= 200 && afterMs <= 2000 && downMs >= 0));
    assert.deepEqual(new Set(kills.map(({ victim }) => victim)), new Set([0, 1]));
    assert.deepEqual(new Set(kills.map(({ kind }) => kind)), new Set(['kill']));
  });

  it('has every kind of fault once before it has any of them again, in an order that the seed draws', () => {
    const kinds = ['loss', 'freeze', 'cut', 'crash'] as const;
    const faults = scheduleOf(7, { ...bounds, kinds, freezeMs: 30_000 });
    for (let at = 0; at < faults.length; at += kinds.length) {
      const round = faults.slice(at, at + kinds.length).map(({ kind }) => kind);
      assert.deepEqual(round.toSorted(), kinds.toSorted());
    }
    assert.ok(faults.every(({ kind, downMs }) => (kind === 'freeze') === (downMs === 30_000)));
    assert.notDeepEqual(faults.slice(0, 4), faults.slice(4, 8));
  });
});

describe('seeded numbers', () => {
  it('cover their range evenly', () => {
    const random = createSeededRandom(1);
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 8000; draw += 1) {
      const drawn = random.between(0, 3);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    assert.ok(counts.every((count) => count > 1800 && count < 2200));
  });

  it('refuse to pick from nothing', () => assert.throws(() => createSeededRandom(1).pick([]), RangeError));
});
