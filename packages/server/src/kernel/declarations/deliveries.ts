import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofAgent, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of push notifications. */
export const deliveryErrors = {
  'push.config-unknown': entry('not-found', 'caller', never, 'The task has no push notification config with this id.'),
  'push.limit': entry(
    'precondition',
    'caller',
    never,
    'The task or the tenant already has the largest number of push notification configs; delete one first.',
  ),
  'delivery.unknown': entry('not-found', 'caller', never, 'There is no such delivery.'),
  'delivery.pending': entry(
    'conflict',
    'caller',
    never,
    'The delivery is in progress; it can be replayed when it has ended.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const deliveryOperations = {
  'push.create': ofAgent('a2a:send'),
  'push.get': ofAgent('a2a:read'),
  'push.list': ofAgent('a2a:read'),
  'push.delete': ofAgent('a2a:send'),
  'delivery.list': ofTenant('deliveries:read'),
  'delivery.replay': ofTenant('deliveries:write'),
  'delivery.read-secret': ofTenant('deliveries:write'),
  'delivery.rotate-secret': ofTenant('deliveries:write'),
} as const satisfies Record<string, OperationPolicy>;

export const deliveryAuditActions = [
  'push-subscription.created',
  'push-subscription.deleted',
  'delivery.replayed',
  'webhook-secret.rotated',
] as const;
