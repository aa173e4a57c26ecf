import type { BreakerBoard } from './breaker-board.ts';
import type { BreakerState } from './breaker-machine.ts';
import type { InstanceObservations, InstanceObservation } from './instance-observations.ts';
import type { InstanceId } from '../../kernel/ids.ts';
import type { AgentInstance } from './route.ts';

/** What is known of instances at the moment of a decision. Answers from memory. */
export interface LiveFacts {
  readonly observations: Pick<InstanceObservations, 'of'>;
  readonly breakers: Pick<BreakerBoard, 'stateOf' | 'takeProbe' | 'openForMs'>;
}

/** An instance with everything that a decision looks at. */
export interface Candidate extends InstanceObservation {
  readonly instance: AgentInstance;
  readonly breaker: BreakerState;
  /** Null: it has no bound of its own. */
  readonly freeSlots: number | null;
  /** The task was there already, in vain. */
  readonly isTried: boolean;
}

/** What a candidate can take, from everything to nothing. The order is that of the last resorts. */
export type Fitness = 'ready' | 'full' | 'unhealthy' | 'breaker-open' | 'closed';

/** Why an instance takes no new work whatever its load is; null when it may take some. */
export function closedBecause(
  { instance, isTried }: Candidate,
  shadow: string | null,
): 'tried' | 'draining' | 'quarantined' | 'weight-zero' | 'shadow' | null {
  if (isTried) return 'tried';
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
  // What a half-open one lets through is taken before it is decided.
  if (breaker !== 'closed') return 'breaker-open';
  if (instance.health.state === 'unhealthy') return 'unhealthy';
  return freeSlots === 0 ? 'full' : 'ready';
}

export function candidateOf(
  instance: AgentInstance,
  { observations, breakers }: LiveFacts,
  tried: ReadonlySet<InstanceId>,
): Candidate {
  const { instanceId, slotsMax } = instance;
  const { inFlight, latencyMs, successRate } = observations.of(instanceId);
  return {
    instance,
    breaker: breakers.stateOf(instanceId),
    freeSlots: slotsMax === null ? null : Math.max(0, slotsMax - inFlight),
    inFlight,
    latencyMs,
    successRate,
    isTried: tried.has(instanceId),
  };
}
