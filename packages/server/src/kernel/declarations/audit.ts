import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

export const auditOperations = {
  'audit.read': ofTenant('audit:read'),
  'audit.erase': ofTenant('audit:erase'),
  'audit.prune': ofTenant('audit:erase'),
} as const satisfies Record<string, OperationPolicy>;

export const auditAuditActions = ['subject.erased', 'audit.retention-set', 'audit.pruned'] as const;
