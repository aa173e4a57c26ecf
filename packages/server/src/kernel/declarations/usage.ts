import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of usage. */
export const usageErrors = {
  'usage.too-large': entry(
    'precondition',
    'caller',
    never,
    'The report has more groups than one answer can hold; name a shorter period or group by less.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const usageOperations = {
  'usage.read': ofTenant('credits:read'),
} as const satisfies Record<string, OperationPolicy>;
