import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of private addresses. */
export const egressErrors = {
  'egress.refused': entry(
    'invalid',
    'operator',
    never,
    'The platform may not call this address; an operator can allow it.',
  ),
  'egress.limit': entry(
    'precondition',
    'operator',
    never,
    'The tenant already has the largest number of allowed private addresses; remove one first.',
  ),
  'egress.allowance-unknown': entry('not-found', 'operator', never, 'This address is not allowed for the tenant.'),
} as const satisfies Record<string, CatalogEntry>;

export const egressOperations = {
  'egress.list': ofPlatform,
  'egress.allow': ofPlatform,
  'egress.remove': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;

export const egressAuditActions = ['egress.allowed', 'egress.removed'] as const;
