/** Guarantee: a run with instances that fail passes only when callers and neighbours noticed as little as was promised, and all serve again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instancesBarsOf, instancesFiguresOf } from './bars.ts';
import type { Illness } from './plan.ts';
import type { Recovery } from './recovery.ts';
import type { Window } from './windows.ts';

const loadOf = (p99Ms: number, errors = 0): Window['victim'] => ({
  connections: 6,
  measuredMs: 1_000,
  answers: 1_000,
  requestsPerSecond: 1_000,
  p50Ms: 1,
  p99Ms,
  maxMs: p99Ms,
  errors,
  errorSamples: [],
  answersByTarget: [1_000],
  generatorCpuMicrosecondsPerAnswer: 1,
});

const windowOf = (illness: Illness | null, p99Ms: number, over: Partial<Window> = {}): Window => ({
  agent: 'agent-1',
  illness,
  victim: loadOf(5),
  neighbour: loadOf(p99Ms),
  opened: illness === null ? null : { by: 'breaker', afterMs: 100, failures: 5 },
  retries: 0,
  ...over,
});

const pair = (over: Partial<Window> = {}): Window[] => [windowOf(null, 10), windowOf('errs', 12, over)];
const healed = (count: number, over: Partial<Recovery> = {}): Recovery => ({
  recovered: Array.from({ length: count }, () => ({}) as Recovery['recovered'][number]),
  missing: [],
  answers: 10,
  errors: 0,
  tookMs: 30_000,
  ...over,
});

const missedOf = (windows: readonly Window[], recovery: Recovery, wrongWallets = 0): string[] =>
  instancesBarsOf(instancesFiguresOf(windows, recovery, wrongWallets)).flatMap(({ name, held }) =>
    held ? [] : [name],
  );

describe('the bars of a run with instances that fail', () => {
  it('hold when no caller noticed, and one pair was slow for another reason', () => {
    const windows = [...pair(), ...pair(), windowOf('dies', 90), windowOf(null, 10)];
    assert.deepEqual(missedOf(windows, healed(3)), []);
  });

  it('hold when its health kept calls from an instance before its breaker would have', () => {
    assert.deepEqual(
      missedOf([...pair(), ...pair({ opened: { by: 'health', afterMs: 1, failures: 2 } })], healed(2)),
      [],
    );
  });

  it('hold with one failure in a thousand calls and not with two', () => {
    assert.deepEqual(missedOf(pair({ victim: loadOf(5, 1) }), healed(1)), []);
    assert.equal(missedOf(pair({ victim: loadOf(5, 2) }), healed(1)).length, 1);
  });

  const breaches: Record<string, readonly [readonly Window[], Recovery, number?]> = {
    'a breaker that took six faults': [pair({ opened: { by: 'breaker', afterMs: 1, failures: 6 } }), healed(1)],
    'a breaker that never opened': [[...pair(), ...pair({ opened: null })], healed(2)],
    'health that was too slow': [
      [...pair(), ...pair({ opened: { by: 'health', afterMs: 1, failures: 6 } })],
      healed(2),
    ],
    'no breaker that opened at all': [pair({ opened: { by: 'health', afterMs: 1, failures: 2 } }), healed(1)],
    'retries without end': [pair({ retries: 101 }), healed(1)],
    'a neighbour that waited': [pair({ neighbour: loadOf(15) }), healed(1)],
    'a neighbour that was refused': [pair({ neighbour: loadOf(12, 1) }), healed(1)],
    'an instance that stayed away': [pair(), healed(0, { missing: [{} as Recovery['missing'][number]] })],
    'an instance that was never checked': [pair(), healed(0)],
    'failures while it came back': [pair(), healed(1, { errors: 1 })],
    'a wallet that says something else': [pair(), healed(1), 1],
  };
  for (const [name, [windows, recovery, wrongWallets]] of Object.entries(breaches)) {
    it(`are missed by ${name}, and only its own`, () => {
      assert.equal(missedOf(windows, recovery, wrongWallets).length, 1);
    });
  }

  it('are missed by a run that saw nothing', () => {
    assert.ok(missedOf([], healed(0)).length >= 3);
  });
});
