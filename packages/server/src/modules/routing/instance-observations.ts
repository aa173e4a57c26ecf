import type { InstanceId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';

/** How one call to an instance ended. `unjudged`: neither speaks for the instance nor against it, such as a call that was canceled. */
export type CallOutcome = 'succeeded' | 'failed' | 'unjudged';

/** What this process saw of one instance. */
export interface InstanceSight {
  /** Calls under way. */
  readonly inFlight: number;
  /** How long it took to say its first words, newer calls counting for more; null when it never did. */
  readonly latencyMs: number | null;
  /** The part of its calls that succeeded, 0 to 1, newer calls counting for more; null when none was judged. */
  readonly successRate: number | null;
}

const unseen: InstanceSight = { inFlight: 0, latencyMs: null, successRate: null };
/** Weight of the newest call. */
const latencyShare = 0.1;
const successShare = 0.05;

/** What this process saw of the instances it called. It lives in memory only: another process has its own eyes. */
export class InstanceObservations {
  readonly #seen = new Map<InstanceId, { -readonly [Fact in keyof InstanceSight]: InstanceSight[Fact] }>();

  begin(instanceId: InstanceId): void {
    const sight = this.#seen.get(instanceId);
    if (sight !== undefined) sight.inFlight += 1;
    else keepNewest(this.#seen, instanceId, { ...unseen, inFlight: 1 }, limits.observedInstancesMax);
  }

  /** The call is over. `latencyMs`: until its first words; null when there were none. */
  end(instanceId: InstanceId, outcome: CallOutcome, latencyMs: number | null): void {
    const sight = this.#seen.get(instanceId);
    // It was called by others so much meanwhile that nothing is known of it any more.
    if (sight === undefined) return;
    sight.inFlight = Math.max(0, sight.inFlight - 1);
    if (latencyMs !== null) sight.latencyMs = blended(sight.latencyMs, latencyMs, latencyShare);
    if (outcome === 'unjudged') return;
    sight.successRate = blended(sight.successRate, outcome === 'succeeded' ? 1 : 0, successShare);
  }

  /** A live view: it changes with the calls. */
  of(instanceId: InstanceId): InstanceSight {
    return this.#seen.get(instanceId) ?? unseen;
  }
}

function blended(known: number | null, newest: number, share: number): number {
  return known === null ? newest : known + (newest - known) * share;
}
