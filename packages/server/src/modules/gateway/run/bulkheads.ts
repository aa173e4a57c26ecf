import { PlatformError } from '../../../kernel/errors.ts';
import type { InstanceId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { InstanceObservations } from '../../routing/index.ts';

/** Keeps one instance from taking all that there is: it has so many calls open at once, others wait in order, and more are refused. */
export class Bulkheads {
  readonly #observations: InstanceObservations;
  readonly #waiting = new Map<InstanceId, (() => void)[]>();

  constructor(observations: InstanceObservations) {
    this.#observations = observations;
  }

  /** Throws `upstream.saturated` when a further call would not even find a place to wait. */
  assertRoom(instanceId: InstanceId, callsMax: number | null): void {
    const waitingMax = callsMax ?? limits.instanceCallsWaitingMax;
    if (this.waiting(instanceId) >= waitingMax) throw new PlatformError('upstream.saturated');
  }

  waiting(instanceId: InstanceId): number {
    return this.#waiting.size === 0 ? 0 : (this.#waiting.get(instanceId)?.length ?? 0);
  }

  /** Nothing to wait for, or a promise of a place, which `signal` ends. Whoever has a place begins its call before anything else happens. */
  enter(instanceId: InstanceId, callsMax: number | null, signal: AbortSignal): Promise<void> | null {
    return this.hasPlace(instanceId, callsMax) ? null : this.#wait(instanceId, signal);
  }

  /** Whether a call could begin at once, before anything else happens. */
  hasPlace(instanceId: InstanceId, callsMax: number | null): boolean {
    const isFree = this.#observations.of(instanceId).inFlight < (callsMax ?? limits.instanceCallsMax);
    return isFree && this.waiting(instanceId) === 0;
  }

  /** A call has ended: whoever waits for longest has its place. */
  left(instanceId: InstanceId): void {
    if (this.#waiting.size === 0) return;
    const queue = this.#waiting.get(instanceId);
    queue?.shift()?.();
    if (queue?.length === 0) this.#waiting.delete(instanceId);
  }

  #wait(instanceId: InstanceId, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(instanceId) ?? [];
      this.#waiting.set(instanceId, queue);
      const take = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        queue.splice(queue.indexOf(take), 1);
        if (queue.length === 0) this.#waiting.delete(instanceId);
        reject(new PlatformError('request.canceled'));
      };
      queue.push(take);
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
