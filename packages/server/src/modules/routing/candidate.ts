import type { BreakerBoard } from './breaker-board.ts';
import type { BreakerState } from './breaker-machine.ts';
import type { InstanceObservations, InstanceObservation } from './instance-observations.ts';
import type { InstanceId } from '../../kernel/ids.ts';
import type { AgentInstance } from './route.ts';

/** Observations and breaker states at the moment of a decision, from memory. */
export interface LiveFacts {
  readonly observations: Pick<InstanceObservations, 'of'>;
  readonly breakers: Pick<BreakerBoard, 'stateOf' | 'takeProbe' | 'openForMs'>;
}

/** An instance with all inputs of a decision. */
export interface Candidate extends InstanceObservation {
  readonly instance: AgentInstance;
  readonly breaker: BreakerState;
  /** Null: the instance has no concurrency limit of its own. */
  readonly freeSlots: number | null;
  /** An earlier attempt of the task at this instance failed. */
  readonly isTried: boolean;
}

/** How fit a candidate is, the fittest first. */
export type Fitness = 'ready' | 'full' | 'unhealthy' | 'breaker-open' | 'closed';

/** Why an instance takes no new work, whatever its load; null when it may take some. */
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

/** As {@link fitnessOf}, for the instance that has the context already: only its condition counts. */
export function conditionOf({ breaker, instance, freeSlots }: Candidate): Exclude<Fitness, 'closed'> {
  // The probe of a half-open breaker is taken before the choice, so here a half-open breaker counts as open.
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
