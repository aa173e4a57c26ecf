import { pause } from '../../kernel/clock.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import type { DeliveryClaim } from './delivery.ts';
import type { DeliveryQueue } from './delivery-store.ts';
import { deliverToSubscription } from './deliver-to-subscription.ts';
import type { SubscriptionDeliveryPorts } from './deliver-to-subscription.ts';

export interface DeliveryWorkerOptions extends Omit<SubscriptionDeliveryPorts, 'isHeld' | 'signal'> {
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly random: Random;
  /** This node's id; null while it does not hold its lease, and on a node without the worker role. */
  readonly nodeId: () => NodeId | null;
}

/** Checks that notifications start may use at most one tenth of the time. */
const checkShare = 10;

interface ActiveDelivery {
  readonly claim: DeliveryClaim;
  readonly done: Promise<void>;
}

/**
 * Delivers task events to webhook receivers. It claims subscriptions with due events: a bounded number at once, and of them a bounded number
 * for one origin and for one tenant. A notification starts a check soon; when a notification is lost, the next poll finds the events.
 */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #active = new Set<ActiveDelivery>();
  /** Tasks with a subscription; insertion order is age. */
  readonly #known = new Set<TaskId>();
  #aborter = new AbortController();
  #checking: Promise<void> | null = null;
  #checkAgain = false;
  #checkedAtMs = -Infinity;
  #checkTookMs = 0;
  #cancelCheck: CancelTimer | null = null;
  #stopped = false;

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
  }

  /** Number of subscriptions that deliveries are under way for. */
  get count(): number {
    return this.#active.size;
  }

  /** Remembers that the task has a subscription, so that `notify` starts a check for it. */
  know(taskId: TaskId): void {
    this.#known.delete(taskId);
    this.#known.add(taskId);
    if (this.#known.size <= limits.deliveryTasksKnownMax) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      return;
    }
  }

  /** An event was appended to this task's log. Costs one map lookup for a task without a known subscription. */
  notify(taskId: TaskId): void {
    if (this.#known.size > 0 && this.#known.has(taskId)) this.#checkSoon();
  }

  /** Claims and delivers due events; joins a running check. Never rejects: after a database failure the next check tries again. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch(() => undefined)
      .finally(() => {
        this.#checking = null;
        if (this.#checkAgain) this.#checkSoon();
      });
    return this.#checking;
  }

  /** Aborts all deliveries, because the node's lease is lost. */
  abandonAll(): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
  }

  /** Claims nothing more and waits for running deliveries; after `waitMs` it aborts them, and other nodes take them over. */
  async stop(waitMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelCheck?.();
    await this.#checking;
    const delivered = Promise.all([...this.#active].map(({ done }) => done));
    await Promise.race([delivered, pause(this.#options.clock, waitMs)]);
    this.#aborter.abort();
    await Promise.all([...this.#active].map(({ done }) => done));
  }

  #checkSoon(): void {
    if (this.#checking !== null) this.#checkAgain = true;
    if (this.#stopped || this.#checking !== null || this.#cancelCheck !== null) return;
    const sinceMs = this.#options.clock.monotonicMs() - this.#checkedAtMs;
    // A check of many subscriptions is slow, and notifications must not keep the database busy with checks alone.
    const spacingMs = Math.max(limits.deliveryPollMsMin, checkShare * this.#checkTookMs);
    const delayMs = Math.max(0, spacingMs - sinceMs);
    this.#cancelCheck = this.#options.clock.after(delayMs, () => {
      this.#cancelCheck = null;
      void this.check();
    });
  }

  async #check(): Promise<void> {
    this.#checkAgain = false;
    const freeDeliveries = limits.deliveriesInFlightMax - this.#active.size;
    const nodeId = this.#options.nodeId();
    this.#checkedAtMs = this.#options.clock.monotonicMs();
    if (this.#stopped || nodeId === null || freeDeliveries <= 0) return;
    const claims = await this.#options.queue.claim(nodeId, { limit: freeDeliveries, ...this.#busy() });
    this.#checkTookMs = this.#options.clock.monotonicMs() - this.#checkedAtMs;
    for (const claim of claims) this.#deliver(claim);
  }

  #deliver(claim: DeliveryClaim): void {
    const { signal } = this.#aborter;
    this.know(claim.taskId);
    const isHeld = (): boolean => !this.#stopped && !signal.aborted && this.#options.nodeId() === claim.nodeId;
    const done = deliverToSubscription({ ...this.#options, isHeld, signal }, claim)
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => {
        this.#active.delete(delivery);
        // There is capacity again, and the task's log may have grown meanwhile.
        this.#checkSoon();
      });
    const delivery = { claim, done };
    this.#active.add(delivery);
  }

  #busy(): { readonly busyOrigins: readonly string[]; readonly busyTenants: readonly TenantId[] } {
    const claims = [...this.#active].map(({ claim }) => claim);
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

/** The items that occur at least `times` times. */
function frequent<Item>(items: readonly Item[], times: number): readonly Item[] {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= times).map(([item]) => item);
}
