import type { Clock } from '../../kernel/clock.ts';
import type { InstanceId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { Breaker } from './breaker.ts';
import type { BreakerState } from './breaker-machine.ts';
import type { BreakerStatus, BreakerStore, BreakerSubject, Fault } from './breaker-store.ts';

export interface BreakerBoardOptions {
  readonly store: BreakerStore;
  readonly clock: Clock;
  /** Told when this process opens the breaker of an instance that fails by itself. */
  readonly noteOutlier: (instanceId: InstanceId, reason: string) => void;
  /** Told of what can not be kept for another reason than that the database is away. */
  readonly report: (error: unknown) => void;
}

/**
 * The breakers of all instances as this process knows them. Asking and noting never wait: what this process sees counts at once, and is
 * told to the others beside the calls; what the others saw comes with a hint, and every `limits.breakerRefreshMs` in any case.
 */
export class BreakerBoard {
  readonly #options: BreakerBoardOptions;
  /** Those that are not as if they had never been: usually none. */
  readonly #breakers = new Map<InstanceId, Breaker>();
  #refreshedAtMs: number | null = null;
  #refreshing: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(options: BreakerBoardOptions) {
    this.#options = options;
  }

  /** `half-open`: this process may let one call through, if it takes it for one by `takeProbe`. */
  stateOf(instanceId: InstanceId): BreakerState {
    if (this.#breakers.size === 0) return 'closed';
    return this.#breakers.get(instanceId)?.currentState() ?? 'closed';
  }

  /** Milliseconds until the instance may be called again, as far as this process knows; 0 for one that may be called now. */
  openForMs(instanceId: InstanceId): number {
    return this.#breakers.get(instanceId)?.openForMs() ?? 0;
  }

  /** Takes the one call that a half-open breaker lets through, for this task. False when somebody else was first. */
  takeProbe(instanceId: InstanceId, taskId: string): boolean {
    return this.#breakers.get(instanceId)?.takeProbe(taskId) ?? true;
  }

  /** The instance said something that makes sense to a call for this task. */
  noteAnswer(subject: BreakerSubject, taskId: string): void {
    if (this.#breakers.size === 0) return;
    this.#breakers.get(subject.instanceId)?.noteAnswer(taskId);
  }

  /** A call for this task failed, and the instance or its credential is to blame. */
  noteFault(subject: BreakerSubject, taskId: string, fault: Fault): void {
    const wasClosed = this.stateOf(subject.instanceId) === 'closed';
    const breaker = this.#breakerOf(subject);
    breaker.noteFault(taskId, fault);
    if (wasClosed && breaker.currentState() !== 'closed' && fault.cause === 'fault') {
      this.#options.noteOutlier(subject.instanceId, `${String(limits.breakerFaultsMax)} faults in a row`);
    }
  }

  /** Reads the breakers when that is due. Rejects when the database is away; what is known holds until the next time. */
  async keepUp(): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#refreshedAtMs !== null && nowMs - this.#refreshedAtMs < limits.breakerRefreshMs) return;
    await this.refresh();
  }

  /** Reads the breakers now: a hint said that one opened or closed. Asked for while it is under way, it follows. */
  refresh(): Promise<void> {
    if (this.#refreshing !== null) this.#isAskedAgain = true;
    this.#refreshing ??= this.#refreshUntilQuiet().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #refreshUntilQuiet(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      this.#refreshedAtMs = this.#options.clock.monotonicMs();
      this.#learn(await this.#options.store.list());
    } while (this.#isAskedAgain);
  }

  #learn(statuses: readonly BreakerStatus[]): void {
    const known = new Set<InstanceId>();
    for (const status of statuses) {
      known.add(status.instanceId);
      this.#breakerOf(status).learn(status);
    }
    for (const [instanceId, breaker] of this.#breakers) {
      if (!known.has(instanceId) && !breaker.hasPendingWrites) this.#breakers.delete(instanceId);
    }
  }

  #breakerOf({ tenantId, instanceId }: BreakerSubject): Breaker {
    const known = this.#breakers.get(instanceId);
    if (known !== undefined) return known;
    const breaker = new Breaker({ tenantId, instanceId }, this.#options);
    keepNewest(this.#breakers, instanceId, breaker, limits.observedInstancesMax);
    return breaker;
  }
}
