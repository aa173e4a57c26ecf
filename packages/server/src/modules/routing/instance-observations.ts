import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';

/** How a call to an instance ended. `unjudged`: it says nothing about the instance, such as a canceled call. */
export type CallOutcome = 'succeeded' | 'failed' | 'unjudged';

/** Observations of one instance in this process. */
export interface InstanceObservation {
  /** Calls in flight. */
  readonly inFlight: number;
  /** Moving average of the time to the first event; null when there was none. */
  readonly latencyMs: number | null;
  /** Moving average of the success rate, 0 to 1; null when no call was judged. */
  readonly successRate: number | null;
}

type Observation = { -readonly [Fact in keyof InstanceObservation]: InstanceObservation[Fact] } & {
  /** When the latest call of a failing instance was judged. */
  judgedAtMs: number;
};

const unseen: InstanceObservation = { inFlight: 0, latencyMs: null, successRate: null };
/** Weight of the latest call in the moving averages. */
const latencyShare = 0.1;
const successShare = 0.05;

/** Observations of the instances that this process called. They stay in its memory; processes do not share them. */
export class InstanceObservations {
  readonly #clock: Pick<Clock, 'monotonicMs'> | null;
  readonly #seen = new Map<InstanceId, Observation>();

  /** Without a clock observations never expire. */
  constructor(clock: Pick<Clock, 'monotonicMs'> | null = null) {
    this.#clock = clock;
  }

  begin(instanceId: InstanceId): void {
    const observation = this.#seen.get(instanceId);
    if (observation !== undefined) observation.inFlight += 1;
    else keepNewest(this.#seen, instanceId, { ...unseen, inFlight: 1, judgedAtMs: 0 }, limits.observedInstancesMax);
  }

  /** The call has ended. `latencyMs`: time to the first event; null when there was none. */
  end(instanceId: InstanceId, outcome: CallOutcome, latencyMs: number | null): void {
    const observation = this.#seen.get(instanceId);
    // The entry was evicted meanwhile.
    if (observation === undefined) return;
    observation.inFlight = Math.max(0, observation.inFlight - 1);
    if (latencyMs !== null) observation.latencyMs = blended(observation.latencyMs, latencyMs, latencyShare);
    if (outcome === 'unjudged') return;
    // The average starts at 1, so a first fault alone does not make an instance look failing.
    observation.successRate = blended(observation.successRate ?? 1, outcome === 'succeeded' ? 1 : 0, successShare);
    if (observation.successRate < 1) observation.judgedAtMs = this.#clock?.monotonicMs() ?? 0;
  }

  /** A live view that changes with the calls. A failing instance gets fewer calls, so its old failures expire; otherwise it would never recover. */
  of(instanceId: InstanceId): InstanceObservation {
    const observation = this.#seen.get(instanceId);
    if (observation === undefined) return unseen;
    const { successRate, judgedAtMs } = observation;
    const isFailing = this.#clock !== null && successRate !== null && successRate < 1;
    if (isFailing && this.#clock.monotonicMs() - judgedAtMs >= limits.breakerOpenMs) observation.successRate = null;
    return observation;
  }
}

function blended(known: number | null, newest: number, share: number): number {
  return known === null ? newest : known + (newest - known) * share;
}
