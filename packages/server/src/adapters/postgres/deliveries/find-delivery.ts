import { uuidOf } from '../../../kernel/ids.ts';
import type { DeliveryId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { deliveryColumns } from './delivery-columns.ts';
import type { DeliveryColumns } from './delivery-columns.ts';

/** One delivery of a tenant. */
export function findDelivery(tenantId: TenantId, deliveryId: DeliveryId): Statement<DeliveryColumns> {
  return {
    name: 'find-delivery',
    text: `select ${deliveryColumns} where d.tenant_id = $1 and d.delivery_id = $2`,
    values: [uuidOf(tenantId), uuidOf(deliveryId)],
  };
}
