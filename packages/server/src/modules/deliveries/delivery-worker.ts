import type { Clock } from '../../kernel/clock.ts';
import type { NodeId, TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import type { DeliveryClaim } from './delivery.ts';
import type { DeliveryQueue } from './delivery-store.ts';
import { deliverToSubscription } from './deliver-to-subscription.ts';
import type { SubscriptionDeliveryPorts } from './deliver-to-subscription.ts';
import { ReceiverWorker } from './receiver-worker.ts';

export interface DeliveryWorkerOptions extends Omit<SubscriptionDeliveryPorts, 'isHeld' | 'signal'> {
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly random: Random;
  /** This node's id; null while it does not hold its lease, and on a node without the worker role. */
  readonly nodeId: () => NodeId | null;
}

/**
 * Delivers task events to webhook receivers. It claims subscriptions with due events. A notification starts a check soon; when a notification
 * is lost, the next poll finds the events.
 */
export class DeliveryWorker {
  readonly #worker: ReceiverWorker<DeliveryClaim>;
  /** Tasks with a subscription; insertion order is age. */
  readonly #known = new Set<TaskId>();

  constructor(options: DeliveryWorkerOptions) {
    this.#worker = new ReceiverWorker({
      claim: (nodeId, request) => options.queue.claim(nodeId, request),
      deliver: (claim, hold) => {
        this.know(claim.taskId);
        return deliverToSubscription({ ...options, ...hold }, claim);
      },
      bounds: {
        inFlightMax: limits.deliveriesInFlightMax,
        perOriginMax: limits.deliveriesPerOriginMax,
        perTenantMax: limits.deliveriesPerTenantMax,
      },
      clock: options.clock,
      nodeId: options.nodeId,
      report: options.report,
    });
  }

  /** Number of subscriptions that deliveries are under way for. */
  get count(): number {
    return this.#worker.count;
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
    if (this.#known.size > 0 && this.#known.has(taskId)) this.#worker.checkSoon();
  }

  /** As {@link ReceiverWorker.check}. */
  check(): Promise<void> {
    return this.#worker.check();
  }

  /** As {@link ReceiverWorker.abandonAll}. */
  abandonAll(): void {
    this.#worker.abandonAll();
  }

  /** As {@link ReceiverWorker.stop}. */
  stop(waitMs: number): Promise<void> {
    return this.#worker.stop(waitMs);
  }
}
