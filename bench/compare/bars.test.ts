/** Guarantee: a missed bar is seen, whichever it is, and a figure that was not measured is never taken for a good one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barsOf, figuresOf } from './bars.ts';
import type { Figures } from './bars.ts';
import { plans, windowsOf } from './plan.ts';
import { cellsOf } from './round.ts';
import type { Round } from './round.ts';

const good: Figures = { ratio32: 0.4, ratio128: 0.6, p50AddedMs: 3, rssMb: 250, errors: 0, rssMbPerMinute: 0.99 };
const missed = (figures: Figures): string[] => barsOf(figures).flatMap(({ held, name }) => (held ? [] : [name]));

const rate = {
  'gateway, 1 tenant': 500,
  'gateway, 8 tenants': 400,
  'SDK echo': 1000,
  'SDK task echo': 700,
  'bare agent': 5000,
} as const;

const rounds: Round[] = windowsOf(plans.full).map((window) => ({
  ...window,
  rssMbMax: window.subject.startsWith('SDK') ? 900 : 100 + window.round,
  cpuMicroseconds: { server: 10, agent: 5, postgres: 20 },
  load: {
    connections: window.connections,
    measuredMs: 1000,
    answers: 1,
    requestsPerSecond: rate[window.subject] + window.round,
    p50Ms: window.subject === 'bare agent' ? 1 : 3,
    p99Ms: 9,
    maxMs: 10,
    errors: 0,
    errorSamples: [],
    answersByTarget: [1],
    generatorCpuMicrosecondsPerAnswer: 1,
  },
}));

describe('bars', () => {
  it('hold at their edge', () => assert.deepEqual(missed(good), []));

  const worse: Figures[] = [
    { ...good, ratio32: 0.399 },
    { ...good, ratio128: 0.599 },
    { ...good, p50AddedMs: 3.01 },
    { ...good, rssMb: 251 },
    { ...good, errors: 1 },
    { ...good, rssMbPerMinute: 1 },
    { ...good, ratio32: Number.NaN },
  ];
  for (const figures of worse) {
    it(`miss ${missed(figures).join()} and nothing else`, () => assert.equal(missed(figures).length, 1));
  }

  it('need no growth figure without a soak', () => {
    const { rssMbPerMinute, ...short } = good;
    assert.equal(rssMbPerMinute, 0.99);
    assert.equal(barsOf(short).length, barsOf(good).length - 1);
  });
});

describe('figures', () => {
  it('take the worse of one and eight tenants, medians over rounds, and no memory but the platform’s', () => {
    const figures = figuresOf(cellsOf(rounds));
    assert.equal(figures.ratio32, 401 / 1001);
    assert.equal(figures.ratio128, 401 / 1001);
    assert.equal(figures.p50AddedMs, 2);
    assert.equal(figures.rssMb, 102);
  });

  it('refuse to be made of nothing', () => {
    assert.throws(() => figuresOf(cellsOf(rounds.filter(({ subject }) => subject !== 'SDK echo'))), /SDK echo at 32/);
  });

  it('count the errors of every round', () => {
    const [first, ...others] = rounds;
    assert.ok(first !== undefined);
    const broken = { ...first, load: { ...first.load, errors: 2 } };
    assert.equal(figuresOf(cellsOf([broken, ...others])).errors, 2);
  });
});

describe('the plan', () => {
  it('measures each subject once a round and starts each round with another one', () => {
    const at32 = windowsOf(plans.full).filter(({ connections }) => connections === 32);
    assert.equal(at32.length, 12);
    const firsts = [0, 1, 2].map((round) => at32.find((window) => window.round === round)?.subject);
    assert.equal(new Set(firsts).size, 3);
  });
});
