import type { HealthState, ProbeFacts } from './health.ts';

/** The outcome of one probe. */
export interface ProbeOutcome {
  readonly kind: 'answered' | 'strained' | 'failed';
  /** A code, such as `probe.no-answer`; null for a plain answer. */
  readonly reason: string | null;
}

/** Number of consecutive outcomes that change the state. */
export interface ProbeThresholds {
  readonly unhealthyAfter: number;
  readonly healthyAfter: number;
}

/** Before the first probe. */
export const unprobed: ProbeFacts = { state: 'unknown', reason: null, failures: 0, successes: 0 };

type Step = 'stay' | 'healthy' | 'degraded' | 'unhealthy' | 'healthy-when-steady' | 'unhealthy-when-steady';

/**
 * The step for each outcome in each state. The first probe decides at once; later changes need consecutive outcomes. A strained answer makes
 * the instance degraded at once, because it still works.
 */
const steps: Readonly<Record<HealthState, Readonly<Record<ProbeOutcome['kind'], Step>>>> = {
  unknown: { answered: 'healthy', strained: 'degraded', failed: 'unhealthy' },
  healthy: { answered: 'stay', strained: 'degraded', failed: 'unhealthy-when-steady' },
  degraded: { answered: 'healthy', strained: 'degraded', failed: 'unhealthy-when-steady' },
  unhealthy: { answered: 'healthy-when-steady', strained: 'healthy-when-steady', failed: 'unhealthy' },
};

/** The facts after another probe. `isSuspect`: callers saw it fail, so a single failure is enough. */
export function afterProbe(
  before: ProbeFacts,
  outcome: ProbeOutcome,
  thresholds: ProbeThresholds & { readonly isSuspect: boolean },
): ProbeFacts {
  const hasFailed = outcome.kind === 'failed';
  const failures = hasFailed ? before.failures + 1 : 0;
  const successes = hasFailed ? 0 : before.successes + 1;
  const unhealthyAfter = thresholds.isSuspect ? 1 : thresholds.unhealthyAfter;
  const isSteady = hasFailed ? failures >= unhealthyAfter : successes >= thresholds.healthyAfter;
  const state = stateAfter(before.state, outcome, isSteady);
  return { ...(state === null ? before : { state, reason: outcome.reason }), failures, successes };
}

/** The new state; null: unchanged. */
function stateAfter(before: HealthState, outcome: ProbeOutcome, isSteady: boolean): HealthState | null {
  const step = steps[before][outcome.kind];
  if (step === 'stay') return null;
  if (step === 'unhealthy-when-steady') return isSteady ? 'unhealthy' : null;
  if (step !== 'healthy-when-steady') return step;
  if (!isSteady) return null;
  return outcome.kind === 'strained' ? 'degraded' : 'healthy';
}
