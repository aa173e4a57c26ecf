import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of service levels. */
export const slaErrors = {
  'sla.objective-unknown': entry('not-found', 'caller', never, 'No objective is set there.'),
  'sla.tier-unknown': entry(
    'not-found',
    'caller',
    never,
    'There is no such tier; the tiers are gold, silver and bronze.',
  ),
  'sla.too-many': entry(
    'precondition',
    'tenant-admin',
    never,
    'The tenant already has the largest number of agents with objectives of their own; unset one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const slaOperations = {
  'sla.read': ofTenant('a2a:read'),
  'sla.change': ofTenant('limits:write'),
} as const satisfies Record<string, OperationPolicy>;

export const slaAuditActions = ['sla.objective-set', 'sla.objective-unset'] as const;
