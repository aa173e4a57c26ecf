/** Guarantee: a run with hostile agents passes only when every task ended as it should and the neighbour and the memory stayed as they were. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostileBarsOf, hostileFiguresOf } from './bars.ts';
import type { HostileFigures } from './bars.ts';
import type { Window } from './windows.ts';

const attacker = { agent: 'hostile-1', does: 'is rude', ends: 'upstream.refused', taskMsMax: 1, askBytes: 1, card: {} };

function windowOf(
  isHostile: boolean,
  p99Ms: number,
  over: Partial<Window> & { readonly errors?: number } = {},
): Window {
  const { errors = 0, ...rest } = over;
  const load = {
    connections: 8,
    measuredMs: 1000,
    answers: 100,
    requestsPerSecond: 100,
    p50Ms: 1,
    p99Ms,
    maxMs: p99Ms,
    errors,
    errorSamples: [],
    answersByTarget: [100],
    generatorCpuMicrosecondsPerAnswer: 1,
  };
  const outcomes = isHostile ? [{ attacker, ended: 'upstream.refused', tookMs: 1 }] : [];
  return { isHostile, load, outcomes, rssMbMax: 300, rssMbAfter: 200, cpuShare: 0.5, ...rest };
}

const missedOf = (figures: HostileFigures): string[] =>
  hostileBarsOf(figures).flatMap(({ name, held }) => (held ? [] : [name.split(' ').slice(0, 2).join(' ')]));

describe('the bars of a run with hostile agents', () => {
  const warmup = windowOf(true, 900);
  const calm = [windowOf(false, 10), windowOf(true, 12), windowOf(true, 60), windowOf(false, 50)];

  it('hold when all is well, however slow the first attack was', () => {
    assert.deepEqual(missedOf(hostileFiguresOf(warmup, calm, 0)), []);
  });

  it('compare the windows of one pair, whatever the machine did in another', () => {
    assert.equal(hostileFiguresOf(warmup, calm, 0).p99Ratio, 1.2);
    const hurt = [windowOf(false, 10), windowOf(true, 16), windowOf(true, 160), windowOf(false, 100)];
    assert.deepEqual(missedOf(hostileFiguresOf(warmup, hurt, 0)), ['p99 of']);
  });

  it('miss for each thing that went wrong', () => {
    const wrong = windowOf(true, 10, { outcomes: [{ attacker, ended: 'completed', tookMs: 1 }] });
    assert.deepEqual(missedOf(hostileFiguresOf(wrong, calm, 0)), ['tasks at']);
    assert.deepEqual(missedOf(hostileFiguresOf(windowOf(true, 10, { errors: 1 }), calm, 0)), ['wrong or']);
    assert.deepEqual(missedOf(hostileFiguresOf(warmup, calm, 1)), ['wallets that']);
    assert.deepEqual(missedOf(hostileFiguresOf(windowOf(true, 10, { rssMbMax: 700 }), calm, 0)), ['RSS of']);
    assert.deepEqual(missedOf(hostileFiguresOf(windowOf(true, 10, { rssMbAfter: 100 }), calm, 0)), ['RSS after']);
  });

  it('are not held by what was never measured', () => {
    assert.ok(missedOf(hostileFiguresOf(warmup, [], 0)).length > 0);
  });
});
