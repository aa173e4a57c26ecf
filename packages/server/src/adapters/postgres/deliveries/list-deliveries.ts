import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { DeliveryQuery } from '../../../modules/deliveries/index.ts';
import type { Statement } from '../statement.ts';
import { deliveryColumns } from './delivery-columns.ts';
import type { DeliveryColumns } from './delivery-columns.ts';

/** Deliveries of a tenant in the order of their tasks, subscriptions and events. */
export function listDeliveries(tenantId: TenantId, query: DeliveryQuery): Statement<DeliveryColumns> {
  const { after } = query;
  const filters = [
    `d.tenant_id = $1`,
    `($2::text is null or d.state = $2)`,
    `($3::uuid is null or d.task_id = $3)`,
    `(d.task_id, d.subscription_id, d.seq) > ($4, $5, $6)`,
  ];
  // One that only the dead can satisfy, so that the index of the dead is used.
  if (query.state === 'dead') filters.push(`d.state = 'dead'`);
  return {
    name: query.state === 'dead' ? 'list-dead-deliveries' : 'list-deliveries',
    text: `
      select ${deliveryColumns} where ${filters.join(' and ')}
      order by d.task_id, d.subscription_id, d.seq limit $7`,
    values: [
      uuidOf(tenantId),
      query.state,
      query.taskId,
      after?.taskId ?? lowest,
      after?.subscriptionId ?? lowest,
      after?.seq ?? 0,
      query.limit,
    ],
  };
}

const lowest = '00000000-0000-0000-0000-000000000000';
