import type { TaskId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { NewPushSubscription } from '../tasks/index.ts';
import type { PushSubscription } from './push-subscription.ts';

/** The outcome of a request to subscribe. `full`: the task or the tenant has its maximum of subscriptions. */
export type SubscribeOutcome = 'subscribed' | 'task-unknown' | 'full';

/** A page of a task's subscriptions, in the order of their names. */
export interface SubscriptionPage {
  /** Names after this one; the empty string for the first page. */
  readonly afterConfigId: string;
  readonly limit: number;
}

/** Push subscriptions. The use case has checked that the caller may see the task. No method shows a row of another tenant. */
export interface PushSubscriptionStore {
  /** Stores it with its audit entry, and replaces one of the same name. It gets the events of the task from now on. */
  subscribe(subscription: NewPushSubscription, entry: NewAuditEntry): Promise<SubscribeOutcome>;
  /**
   * As `subscribe`, but it replaces nothing: `kept` when the task has one of this name or URL, or when its owner deleted one of this name. A name
   * that the platform made (`isNamed` false) stands for each that it made for this task.
   */
  subscribeRepeated(
    subscription: NewPushSubscription,
    entry: NewAuditEntry,
    isNamed: boolean,
  ): Promise<SubscribeOutcome | 'kept'>;
  find(tenantId: TenantId, taskId: TaskId, subscriptionId: string): Promise<PushSubscription | null>;
  list(tenantId: TenantId, taskId: TaskId, page: SubscriptionPage): Promise<readonly PushSubscription[]>;
  /** Removes it with its deliveries. Does nothing, and writes no entry, when there is none. */
  unsubscribe(tenantId: TenantId, taskId: TaskId, subscriptionId: string, entry: NewAuditEntry): Promise<void>;
  /** Whether the tenant has its maximum of subscriptions that follow a task. */
  isFull(tenantId: TenantId): Promise<boolean>;
}
