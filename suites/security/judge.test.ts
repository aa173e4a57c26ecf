/** Guarantee: a suite holds only when it found nothing and tried what it has to try. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokenOff, judge, linesOf, summaryOf } from './judge.ts';

const nothing = { counts: { tried: 5 }, violations: [], skipped: [] };

describe('judging a suite', () => {
  it('holds when nothing was found and enough was tried', () => {
    assert.equal(judge('one', nothing, { tried: 5 }, 1).ok, true);
  });

  it('does not hold when too little was tried, or nothing was counted', () => {
    assert.equal(judge('one', nothing, { tried: 6 }, 1).ok, false);
    assert.deepEqual(judge('one', nothing, { other: 1 }, 1).violations, ['other is 0, and has to be 1 at least']);
  });

  it('does not hold when something was found, or when it broke off', () => {
    assert.equal(judge('one', { ...nothing, violations: ['x'] }, {}, 1).ok, false);
    assert.match(brokenOff('one', new Error('gone'), 1).violations[0] ?? '', /broke off: Error: gone/);
  });

  it('is told to people with what was found, and to programs with whether all held', () => {
    const held = judge('one', nothing, {}, 1);
    const broken = judge('two', { ...nothing, violations: Array.from({ length: 30 }, (_, at) => `v${at}`) }, {}, 2);
    const lines = linesOf(broken, 'a promise').join('\n');
    assert.match(lines, /^BROKEN two: a promise\n.*tried 5 · 2 s\n.*v0/);
    assert.match(lines, /v19\n.*and 10 more$/);
    const run = { tier: 'quick', seed: 7 };
    assert.deepEqual((summaryOf([held, broken], run) as { ok: boolean }).ok, false);
    assert.deepEqual((summaryOf([held], run) as { ok: boolean }).ok, true);
    assert.deepEqual((summaryOf([], run) as { ok: boolean }).ok, false);
  });
});
