import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';

/** How one call to an instance ended. `unjudged`: neither speaks for the instance nor against it, such as a call that was canceled. */
export type CallOutcome = 'succeeded' | 'failed' | 'unjudged';

/** What this process saw of one instance. */
export interface InstanceObservation {
  /** Calls under way. */
  readonly inFlight: number;
  /** How long it took to say its first words, newer calls counting for more; null when it never did. */
  readonly latencyMs: number | null;
  /** The part of its calls that succeeded, 0 to 1, newer calls counting for more; null when none was judged. */
  readonly successRate: number | null;
}

type Observation = { -readonly [Fact in keyof InstanceObservation]: InstanceObservation[Fact] } & {
  /** When the newest call was judged since it is known to fail. */
  judgedAtMs: number;
};

const unseen: InstanceObservation = { inFlight: 0, latencyMs: null, successRate: null };
/** Weight of the newest call. */
const latencyShare = 0.1;
const successShare = 0.05;

/** What this process saw of the instances it called. It lives in memory only: another process has its own eyes. */
export class InstanceObservations {
  readonly #clock: Pick<Clock, 'monotonicMs'> | null;
  readonly #seen = new Map<InstanceId, Observation>();

  /** Without a clock what was seen is never too old. */
  constructor(clock: Pick<Clock, 'monotonicMs'> | null = null) {
    this.#clock = clock;
  }

  begin(instanceId: InstanceId): void {
    const observation = this.#seen.get(instanceId);
    if (observation !== undefined) observation.inFlight += 1;
    else keepNewest(this.#seen, instanceId, { ...unseen, inFlight: 1, judgedAtMs: 0 }, limits.observedInstancesMax);
  }

  /** The call is over. `latencyMs`: until its first words; null when there were none. */
  end(instanceId: InstanceId, outcome: CallOutcome, latencyMs: number | null): void {
    const observation = this.#seen.get(instanceId);
    // It was called by others so much meanwhile that nothing is known of it any more.
    if (observation === undefined) return;
    observation.inFlight = Math.max(0, observation.inFlight - 1);
    if (latencyMs !== null) observation.latencyMs = blended(observation.latencyMs, latencyMs, latencyShare);
    if (outcome === 'unjudged') return;
    // Nobody is known to fail at the first fault.
    observation.successRate = blended(observation.successRate ?? 1, outcome === 'succeeded' ? 1 : 0, successShare);
    if (observation.successRate < 1) observation.judgedAtMs = this.#clock?.monotonicMs() ?? 0;
  }

  /** A live view: it changes with the calls. Who fails is called less, so old failures are forgotten: else it would never be called again. */
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
