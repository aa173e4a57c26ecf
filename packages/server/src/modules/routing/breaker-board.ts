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
  /** Called when this process opens a breaker because of the instance's own faults. */
  readonly noteOutlier: (instanceId: InstanceId, reason: string) => void;
  /** Called with errors of writes, except that the database is away. */
  readonly report: (error: unknown) => void;
}

/**
 * The circuit breakers of all instances, as this process knows them. Reading and noting never wait. A fault that this process sees counts
 * at once and is written in the background. Changes by other processes arrive by notification, and every `limits.breakerRefreshMs`.
 */
export class BreakerBoard {
  readonly #options: BreakerBoardOptions;
  /** Breakers with recent faults or open ones: usually none. */
  readonly #breakers = new Map<InstanceId, Breaker>();
  #refreshedAtMs: number | null = null;
  #refreshing: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(options: BreakerBoardOptions) {
    this.#options = options;
  }

  /** `half-open`: this process may send one call as a probe, after `takeProbe`. */
  stateOf(instanceId: InstanceId): BreakerState {
    if (this.#breakers.size === 0) return 'closed';
    return this.#breakers.get(instanceId)?.currentState() ?? 'closed';
  }

  /** Milliseconds until the instance may be called again, as far as this process knows; 0: now. */
  openForMs(instanceId: InstanceId): number {
    return this.#breakers.get(instanceId)?.openForMs() ?? 0;
  }

  /** Takes the probe of a half-open breaker for this task. False when another task has taken it. */
  takeProbe(instanceId: InstanceId, taskId: string): boolean {
    return this.#breakers.get(instanceId)?.takeProbe(taskId) ?? true;
  }

  /** The instance gave a valid answer to a call for this task. */
  noteAnswer(subject: BreakerSubject, taskId: string): void {
    if (this.#breakers.size === 0) return;
    this.#breakers.get(subject.instanceId)?.noteAnswer(taskId);
  }

  /** A call for this task failed by a fault of the instance or of its credential. */
  noteFault(subject: BreakerSubject, taskId: string, fault: Fault): void {
    const wasClosed = this.stateOf(subject.instanceId) === 'closed';
    const breaker = this.#breakerOf(subject);
    breaker.noteFault(taskId, fault);
    if (wasClosed && breaker.currentState() !== 'closed' && fault.cause === 'fault') {
      this.#options.noteOutlier(subject.instanceId, `${String(limits.breakerFaultsMax)} faults in a row`);
    }
  }

  /** Reads the breakers when that is due. Rejects when the database is away; the known states stay in force. */
  async keepUp(): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#refreshedAtMs !== null && nowMs - this.#refreshedAtMs < limits.breakerRefreshMs) return;
    await this.refresh();
  }

  /** Reads the breakers now, after a notification. A call during a read causes another read after it. */
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
