import { pause } from '../../kernel/clock.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import type { DeliveryClaim } from './delivery.ts';
import type { DeliveryQueue } from './delivery-store.ts';
import { tellSubscription } from './tell-subscription.ts';
import type { TellingPorts } from './tell-subscription.ts';

export interface DeliveryWorkerOptions extends Omit<TellingPorts, 'isHeld' | 'signal'> {
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly random: Random;
  /** The node that works, or null while its lease is not held, and for one that has other work. */
  readonly nodeId: () => NodeId | null;
}

/** Looks that hints ask for take at most one part in so many of the time. */
const lookShare = 10;

interface Telling {
  readonly claim: DeliveryClaim;
  readonly done: Promise<void>;
}

/**
 * Tells receivers about their tasks: claims subscriptions that have something to tell, a bounded number at once, of them only so
 * many to one origin and of one tenant. It looks when it is asked to; a hint makes it look soon, and a lost hint costs a poll.
 */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #tellings = new Set<Telling>();
  /** Tasks with a subscription; insertion order is age. */
  readonly #known = new Set<TaskId>();
  #aborter = new AbortController();
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #lookedAtMs = -Infinity;
  #lookTookMs = 0;
  #cancelLook: CancelTimer | null = null;
  #stopped = false;

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
  }

  /** How many receivers are being told. */
  get count(): number {
    return this.#tellings.size;
  }

  /** The task has a subscription, so what happens to it matters here. */
  know(taskId: TaskId): void {
    this.#known.delete(taskId);
    this.#known.add(taskId);
    if (this.#known.size <= limits.deliveryTasksKnownMax) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      return;
    }
  }

  /** Something was appended to this task's log; without a subscription that is known here it costs one look-up. */
  hint(taskId: TaskId): void {
    if (this.#known.size > 0 && this.#known.has(taskId)) this.#lookSoon();
  }

  /** Looks for what is due; joins a look that is under way. Never rejects: what the database does not answer, the next look asks. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = null;
        if (this.#lookAgain) this.#lookSoon();
      });
    return this.#looking;
  }

  /** The lease is gone: nothing more is sent under it, and what is under way is cut. */
  abandonAll(): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
  }

  /** Claims nothing more, and waits for what is under way; after `waitMs` it is cut and left to other nodes. */
  async stop(waitMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelLook?.();
    await this.#looking;
    const told = Promise.all([...this.#tellings].map(({ done }) => done));
    await Promise.race([told, pause(this.#options.clock, waitMs)]);
    this.#aborter.abort();
    await Promise.all([...this.#tellings].map(({ done }) => done));
  }

  #lookSoon(): void {
    if (this.#looking !== null) this.#lookAgain = true;
    if (this.#stopped || this.#looking !== null || this.#cancelLook !== null) return;
    const sinceMs = this.#options.clock.monotonicMs() - this.#lookedAtMs;
    // A look at many subscriptions that wait takes its time; hints must not make the database do nothing else.
    const spacingMs = Math.max(limits.deliveryPollMsMin, lookShare * this.#lookTookMs);
    const delayMs = Math.max(0, spacingMs - sinceMs);
    this.#cancelLook = this.#options.clock.after(delayMs, () => {
      this.#cancelLook = null;
      void this.look();
    });
  }

  async #look(): Promise<void> {
    this.#lookAgain = false;
    const room = limits.deliveriesInFlightMax - this.#tellings.size;
    const nodeId = this.#options.nodeId();
    this.#lookedAtMs = this.#options.clock.monotonicMs();
    if (this.#stopped || nodeId === null || room <= 0) return;
    const claims = await this.#options.queue.claim(nodeId, { limit: room, ...this.#busy() });
    this.#lookTookMs = this.#options.clock.monotonicMs() - this.#lookedAtMs;
    for (const claim of claims) this.#tell(claim);
  }

  #tell(claim: DeliveryClaim): void {
    const { signal } = this.#aborter;
    this.know(claim.taskId);
    const isHeld = (): boolean => !this.#stopped && !signal.aborted && this.#options.nodeId() === claim.nodeId;
    const done = tellSubscription({ ...this.#options, isHeld, signal }, claim)
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => {
        this.#tellings.delete(telling);
        // Its place is free, and its task's log may have grown meanwhile.
        this.#lookSoon();
      });
    const telling = { claim, done };
    this.#tellings.add(telling);
  }

  #busy(): { readonly busyOrigins: readonly string[]; readonly busyTenants: readonly TenantId[] } {
    const claims = [...this.#tellings].map(({ claim }) => claim);
    return {
      busyOrigins: frequent(
        claims.map(({ origin }) => origin),
        limits.deliveriesPerOriginMax,
      ),
      busyTenants: frequent(
        claims.map(({ tenantId }) => tenantId),
        limits.deliveriesPerTenantMax,
      ),
    };
  }
}

/** What occurs at least `times` times. */
function frequent<Item>(items: readonly Item[], times: number): readonly Item[] {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= times).map(([item]) => item);
}
