import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { subscriptionColumns } from './subscription-columns.ts';
import type { SubscriptionColumns } from './subscription-columns.ts';

/** One subscription to a task. */
export function findSubscription(
  tenantId: TenantId,
  taskId: TaskId,
  subscriptionId: string,
): Statement<SubscriptionColumns> {
  return {
    name: 'find-subscription',
    text: `
      select ${subscriptionColumns} from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.subscription_id = $3`,
    values: [uuidOf(tenantId), uuidOf(taskId), subscriptionId],
  };
}
