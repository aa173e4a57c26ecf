import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeSla } from './sla-budget.ts';
import { emptyCount } from './sla-sums.ts';
import type { SlaCount, SlaSums } from './sla-sums.ts';

/** Tasks of one objective: 99 % must not fail, 90 % of the others must be in time. */
const sumsOf = (judged: number, failed: number, late: number): SlaSums => ({
  judged,
  failed,
  late,
  failedAllowedPpm: judged * 10_000,
  lateAllowedPpm: (judged - failed) * 100_000,
});

function countOf(sums: SlaSums, windows: Partial<SlaCount> = {}): SlaCount {
  return { ...emptyCount, ...sums, ended: sums.judged, latencyMsMin: 1_000, latencyMsMax: 1_000, ...windows };
}

describe('a budget', () => {
  it('is met to the last task that may miss, and exhausted by the next one', () => {
    const met = judgeSla(countOf(sumsOf(1_000, 10, 99)), null, true);
    assert.deepEqual([met.availability.isMet, met.availability.left, met.state], [true, 0, 'ok']);
    assert.deepEqual([met.latency.isMet, met.latency.allowed, met.latency.targetMs], [true, 99, 1_000]);
    const spent = judgeSla(countOf(sumsOf(1_000, 11, 0)), null, true);
    assert.deepEqual([spent.availability.isMet, spent.availability.left, spent.state], [false, -1, 'exhausted']);
    const late = judgeSla(countOf(sumsOf(1_000, 0, 101)), null, true);
    assert.deepEqual([late.availability.state, late.latency.state, late.state], ['ok', 'exhausted', 'exhausted']);
  });

  it('never shows more than was attained', () => {
    const { availability } = judgeSla(countOf(sumsOf(10_000_000, 1, 0)), null, false);
    assert.equal(availability.attainedPercent, 99.9999);
    assert.equal(availability.objectivePercent, 99);
  });

  it('of a time without tasks is neither met nor missed, and says what is promised', () => {
    const promised = { availabilityPpm: 999_500, latencyMs: 20, latencyPpm: 900_000 };
    const { availability, latency, state } = judgeSla(emptyCount, promised, true);
    assert.deepEqual(
      [availability.isMet, availability.attainedPercent, availability.objectivePercent],
      [null, null, 99.95],
    );
    assert.deepEqual([latency.targetMs, latency.objectivePercent, state], [20, 90, 'ok']);
    assert.equal(judgeSla(emptyCount, null, true).availability.objectivePercent, null);
  });

  it('burns when much is lost and it goes on, and not for a quiet agent or a month that is over', () => {
    // So far the month is kept, because it is long.
    const month = sumsOf(1_000_000, 100, 0);
    const stateOf = (lastHour: SlaSums, last6Hours: SlaSums, last24Hours: SlaSums, isRunning = true): string =>
      judgeSla(countOf(month, { lastHour, last6Hours, last24Hours }), null, isRunning).state;
    const [well, bad] = [sumsOf(1_000, 0, 0), sumsOf(1_000, 144, 0)];
    assert.equal(stateOf(bad, well, well), 'burning', '14.4 in an hour');
    assert.equal(stateOf(sumsOf(1_000, 143, 0), well, well), 'ok');
    assert.equal(stateOf(sumsOf(1_000, 60, 0), sumsOf(6_000, 360, 0), well), 'burning', '6 in six hours');
    assert.equal(stateOf(well, sumsOf(6_000, 360, 0), well), 'ok', 'it is over');
    assert.equal(stateOf(well, sumsOf(6_000, 180, 0), sumsOf(24_000, 720, 0)), 'burning', '3 in a day');
    assert.equal(stateOf(well, well, sumsOf(24_000, 720, 0)), 'ok', 'it is over');
    assert.equal(stateOf(sumsOf(9, 9, 0), sumsOf(9, 9, 0), sumsOf(9, 9, 0)), 'ok', 'nine tasks tell nothing');
    assert.equal(stateOf(bad, bad, bad, false), 'ok', 'the month is over');
  });

  it('of nothing burns at a bounded rate', () => {
    const lastHour = { ...sumsOf(1_000, 1, 0), failedAllowedPpm: 0 };
    const { burn } = judgeSla(countOf(sumsOf(1_000, 0, 0), { lastHour }), null, true).availability;
    assert.deepEqual(burn, { lastHour: 1_000_000, last6Hours: null, last24Hours: null });
  });
});
