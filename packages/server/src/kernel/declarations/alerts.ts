import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

export const alertOperations = {
  'alert.list': ofTenant('credits:read'),
} as const satisfies Record<string, OperationPolicy>;

export const alertAuditActions = ['credits.alert-raised'] as const;
