/** Guarantee: the worst source decides the health of an instance. The first probe decides at once; later changes need consecutive outcomes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { judgeHealth, reportOf } from './health-rules.ts';
import type { HealthFacts, HealthState } from './health.ts';
import { afterProbe, unprobed } from './probe-machine.ts';
import type { ProbeOutcome } from './probe-machine.ts';
import { defaultProbePolicy, nextProbeMs } from './probe-policy.ts';

const nothing: HealthFacts = { probe: unprobed, report: null, outlier: null, isLapsed: false };
const probed = (state: HealthState, reason: string | null = null): HealthFacts['probe'] => ({
  ...unprobed,
  state,
  reason,
});
const outlier = (isCurrent: boolean): HealthFacts['outlier'] => ({ reason: '5 faults in a row', isCurrent, count: 1 });
const reported = (state: 'healthy' | 'degraded' | 'unhealthy'): HealthFacts['report'] => ({
  state,
  reason: 'because',
  dependencies: [],
});

describe('the health of an instance', () => {
  const cases: readonly (readonly [string, Partial<HealthFacts>, HealthState, string | null])[] = [
    ['without any probe or report', {}, 'unknown', null],
    ['that answers', { probe: probed('healthy') }, 'healthy', null],
    ['that reports healthy and was not probed', { report: reported('healthy') }, 'healthy', null],
    [
      'that answers and reports degraded',
      { probe: probed('healthy'), report: reported('degraded') },
      'degraded',
      'reported: because',
    ],
    [
      'that its callers see fail',
      { probe: probed('healthy'), outlier: outlier(true) },
      'degraded',
      'outlier: 5 faults in a row',
    ],
    ['that its callers saw fail long ago', { probe: probed('healthy'), outlier: outlier(false) }, 'healthy', null],
    [
      'that does not answer, whatever it reports',
      { probe: probed('unhealthy', 'probe.no-answer'), report: reported('healthy') },
      'unhealthy',
      'probe.no-answer',
    ],
    [
      'whose lease expired, whatever its probes say',
      { isLapsed: true, probe: probed('unhealthy', 'probe.no-answer') },
      'unhealthy',
      'lease.lapsed',
    ],
  ];
  for (const [which, facts, state, reason] of cases)
    it(`${which} is ${state}`, () => assert.deepEqual(judgeHealth({ ...nothing, ...facts }), { state, reason }));

  it('with dependencies takes the state of a required one, and is degraded by an optional one', () => {
    const well = { state: 'healthy', reason: null } as const;
    const down = { name: 'model', state: 'unhealthy', reason: 'x'.repeat(500) } as const;
    assert.equal(reportOf(well, [{ ...down, isRequired: false }]).state, 'degraded');
    const report = reportOf(well, [{ ...down, isRequired: true }]);
    assert.deepEqual([report.state, report.reason?.length], ['unhealthy', limits.healthReasonCharsMax]);
    assert.equal(
      reportOf({ state: 'degraded', reason: 'mine' }, [{ ...down, state: 'healthy', isRequired: true }]).reason,
      'mine',
    );
  });
});

describe('probes', () => {
  const steady = { unhealthyAfter: 3, healthyAfter: 2, isSuspect: false };
  const good: ProbeOutcome = { kind: 'answered', reason: null };
  const bad: ProbeOutcome = { kind: 'failed', reason: 'probe.no-answer' };
  const slow: ProbeOutcome = { kind: 'strained', reason: 'probe.status-429' };
  const walk = (outcomes: readonly ProbeOutcome[], isSuspect = false) => {
    const states: string[] = [];
    outcomes.reduce((facts, outcome) => {
      const next = afterProbe(facts, outcome, { ...steady, isSuspect });
      states.push(next.reason === null ? next.state : `${next.state} ${next.reason}`);
      return next;
    }, unprobed);
    return states;
  };
  const out = 'unhealthy probe.no-answer';

  it('decide at once the first time, and later by consecutive outcomes', () => {
    assert.deepEqual(walk([good, bad, bad, good, bad, bad, bad, good, good]), [
      'healthy',
      'healthy',
      'healthy',
      'healthy',
      'healthy',
      'healthy',
      out,
      out,
      'healthy',
    ]);
    assert.deepEqual(walk([bad, good, bad, good, good]), [out, out, out, out, 'healthy']);
    assert.deepEqual(walk([good, slow, good, slow]), [
      'healthy',
      'degraded probe.status-429',
      'healthy',
      'degraded probe.status-429',
    ]);
  });

  it('decide by one failure where callers saw the instance fail', () => {
    assert.deepEqual(walk([good, bad, good, good], true), ['healthy', out, out, 'healthy']);
  });

  it('come soon while the state is uncertain, at their interval while the instance is used, and back off while it is idle', () => {
    const policy = defaultProbePolicy(limits.instanceProbeMs);
    const next = (state: HealthState, [failures, successes]: readonly [number, number], more: object = {}) =>
      nextProbeMs(policy, {
        probe: { state, reason: null, failures, successes },
        isUsed: true,
        sinceLastMs: 0,
        isSuspect: false,
        ...more,
      });
    assert.equal(next('healthy', [0, 9]), limits.instanceProbeMs);
    assert.equal(next('healthy', [1, 0]), limits.instanceProbeAgainMs);
    assert.equal(next('unhealthy', [0, 1]), limits.instanceProbeAgainMs);
    assert.equal(next('unhealthy', [9, 0], { sinceLastMs: 1e9 }), limits.instanceProbeUnhealthyMs);
    assert.equal(next('healthy', [0, 9], { isUsed: false, sinceLastMs: 40_000 }), 80_000);
    assert.equal(next('healthy', [0, 9], { isUsed: false, sinceLastMs: 1e9 }), limits.instanceProbeIdleMs);
    assert.equal(next('healthy', [0, 9], { isUsed: false, isSuspect: true, sinceLastMs: 1e9 }), limits.instanceProbeMs);
  });
});
