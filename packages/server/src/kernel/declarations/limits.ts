import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of limits and quotas. */
export const limitErrors = {
  'limits.quota-used': entry(
    'rate-limited',
    'tenant-admin',
    { kind: 'after', retryAfterMs: 1000 },
    'The quota of sends is used up; it starts again with the next day or month in UTC.',
  ),
  'limits.unknown': entry('not-found', 'caller', never, 'No limit is set there.'),
  'limits.too-many': entry(
    'precondition',
    'caller',
    never,
    'The tenant has already set the largest number of limits; unset one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const limitOperations = {
  'limit.list': ofTenant('a2a:read'),
  'limit.change': ofTenant('limits:write'),
  // Only an operator sets the limits of a tenant.
  'tenant-limit.change': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;

export const limitAuditActions = ['limit.set', 'limit.unset'] as const;
