import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { SubscriptionPage } from '../../../modules/deliveries/index.ts';
import type { Statement } from '../statement.ts';
import { subscriptionColumns } from './subscription-columns.ts';
import type { SubscriptionColumns } from './subscription-columns.ts';

/** The subscriptions to a task, by name. */
export function listSubscriptions(
  tenantId: TenantId,
  taskId: TaskId,
  { afterConfigId, limit }: SubscriptionPage,
): Statement<SubscriptionColumns> {
  return {
    name: 'list-subscriptions',
    text: `
      select ${subscriptionColumns} from colloquy.push_subscriptions s
      where s.tenant_id = $1 and s.task_id = $2 and s.config_id collate "C" > $3
      order by s.config_id collate "C" limit $4`,
    values: [uuidOf(tenantId), uuidOf(taskId), afterConfigId, limit],
  };
}
