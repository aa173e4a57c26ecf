import type { InstanceId } from '../../kernel/ids.ts';
import type { AgentInstance } from './route.ts';

/** Whether calls to an instance are let through: all, none, or a few that find out. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What this process has seen of an instance lately. */
export interface ObservedLoad {
  /** Calls that are under way from here. */
  readonly inFlight: number;
  /** Null: nothing was observed. */
  readonly latencyMs: number | null;
  /** 0 to 1; null: nothing was observed. */
  readonly successRate: number | null;
}

/** What is known of instances at the moment of a decision. Answers from memory. */
export interface LiveFacts {
  readonly loadOf: (instanceId: InstanceId) => ObservedLoad;
  readonly breakerOf: (instanceId: InstanceId) => BreakerState;
}

/** What a process knows that has called nobody. */
export const nothingObserved: LiveFacts = {
  loadOf: () => ({ inFlight: 0, latencyMs: null, successRate: null }),
  breakerOf: () => 'closed',
};

/** An instance with everything that a decision looks at. */
export interface Candidate extends ObservedLoad {
  readonly instance: AgentInstance;
  readonly breaker: BreakerState;
  /** Null: it has no bound of its own. */
  readonly freeSlots: number | null;
}

/** What a candidate can take, from everything to nothing. The order is that of the last resorts. */
export type Fitness = 'ready' | 'full' | 'unhealthy' | 'breaker-open' | 'closed';

/** Why an instance takes no new work whatever its load is; null when it may take some. */
export function closedBecause(
  { instance }: Candidate,
  shadow: string | null,
): 'draining' | 'quarantined' | 'weight-zero' | 'shadow' | null {
  if (instance.admission !== 'active') return instance.admission;
  if (shadow !== null && instance.version === shadow) return 'shadow';
  return instance.weight === 0 ? 'weight-zero' : null;
}

export function fitnessOf(candidate: Candidate, shadow: string | null): Fitness {
  if (closedBecause(candidate, shadow) !== null) return 'closed';
  return conditionOf(candidate);
}

/** As {@link fitnessOf}, for work that an instance has already: only its condition counts. */
export function conditionOf({ breaker, instance, freeSlots }: Candidate): Exclude<Fitness, 'closed'> {
  if (breaker === 'open') return 'breaker-open';
  if (instance.health.state === 'unhealthy') return 'unhealthy';
  return freeSlots === 0 ? 'full' : 'ready';
}

export function candidateOf(instance: AgentInstance, { loadOf, breakerOf }: LiveFacts): Candidate {
  const { inFlight, latencyMs, successRate } = loadOf(instance.instanceId);
  const { slotsMax } = instance;
  return {
    instance,
    breaker: breakerOf(instance.instanceId),
    freeSlots: slotsMax === null ? null : Math.max(0, slotsMax - inFlight),
    inFlight,
    latencyMs,
    successRate,
  };
}
