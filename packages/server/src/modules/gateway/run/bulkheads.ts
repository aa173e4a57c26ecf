import { PlatformError } from '../../../kernel/errors.ts';
import type { InstanceId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { InstanceObservations } from '../../routing/index.ts';

/** Limits the open calls of each instance: further calls wait in order, up to a bound, and the rest is refused. So a slow instance does not take up all capacity. */
export class Bulkheads {
  readonly #observations: InstanceObservations;
  readonly #waiting = new Map<InstanceId, (() => void)[]>();

  constructor(observations: InstanceObservations) {
    this.#observations = observations;
  }

  /** Throws `upstream.saturated` when not even a place to wait is free. */
  assertRoom(instanceId: InstanceId, callsMax: number | null): void {
    const waitingMax = callsMax ?? limits.instanceCallsWaitingMax;
    if (this.waiting(instanceId) >= waitingMax) throw new PlatformError('upstream.saturated');
  }

  waiting(instanceId: InstanceId): number {
    return this.#waiting.size === 0 ? 0 : (this.#waiting.get(instanceId)?.length ?? 0);
  }

  /** Null when a place is free, else a promise of one, which `signal` ends. The caller must begin its call synchronously once it has a place. */
  enter(instanceId: InstanceId, callsMax: number | null, signal: AbortSignal): Promise<void> | null {
    return this.hasPlace(instanceId, callsMax) ? null : this.#wait(instanceId, signal);
  }

  /** Whether a call could begin at once. */
  hasPlace(instanceId: InstanceId, callsMax: number | null): boolean {
    const isFree = this.#observations.of(instanceId).inFlight < (callsMax ?? limits.instanceCallsMax);
    return isFree && this.waiting(instanceId) === 0;
  }

  /** A call has ended: the call that has waited longest gets its place. */
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
        signal.removeEventListener('abort', cancel);
        resolve();
      };
      const cancel = (): void => {
        queue.splice(queue.indexOf(take), 1);
        if (queue.length === 0) this.#waiting.delete(instanceId);
        reject(new PlatformError('request.canceled'));
      };
      queue.push(take);
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
    });
  }
}
