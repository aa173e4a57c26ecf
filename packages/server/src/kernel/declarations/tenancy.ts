import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of tenants. */
export const tenancyErrors = {
  'tenancy.tenant-exists': entry('conflict', 'operator', never, 'A tenant with this name exists already.'),
  'tenancy.tenant-unknown': entry('not-found', 'caller', never, 'There is no such tenant.'),
} as const satisfies Record<string, CatalogEntry>;

export const tenancyOperations = {
  'tenant.create': ofPlatform,
  'tenant.list': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;

export const tenancyAuditActions = ['tenant.created'] as const;
