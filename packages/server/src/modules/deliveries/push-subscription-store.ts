import type { TaskId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { NewPushSubscription } from '../tasks/index.ts';
import type { PushSubscription } from './push-subscription.ts';

/** What became of a wish to subscribe. `full`: the task or the tenant has as many as may be. */
export type SubscribeOutcome = 'subscribed' | 'task-unknown' | 'full';

/** Which part of a task's subscriptions is wanted, in the order of their names. */
export interface SubscriptionPage {
  /** Names after this one; the empty string for the first page. */
  readonly afterConfigId: string;
  readonly limit: number;
}

/** Push subscriptions of tasks that the caller is known to see. No method shows a row of another tenant. */
export interface PushSubscriptionStore {
  /** Stores it with its audit entry, in place of one of the same name; it is told what happens to the task from now on. */
  subscribe(subscription: NewPushSubscription, entry: NewAuditEntry): Promise<SubscribeOutcome>;
  find(tenantId: TenantId, taskId: TaskId, subscriptionId: string): Promise<PushSubscription | null>;
  list(tenantId: TenantId, taskId: TaskId, page: SubscriptionPage): Promise<readonly PushSubscription[]>;
  /** Removes it with its deliveries; without effect, entry included, when there is none. */
  unsubscribe(tenantId: TenantId, taskId: TaskId, subscriptionId: string, entry: NewAuditEntry): Promise<void>;
  /** Whether the tenant may have no further subscription that follows a task. */
  isFull(tenantId: TenantId): Promise<boolean>;
}
