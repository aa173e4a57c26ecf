import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of the result cache. */
export const resultErrors = {
  'results.terms-unknown': entry('not-found', 'caller', never, 'No result cache policy is set there.'),
  'results.too-many': entry(
    'precondition',
    'tenant-admin',
    never,
    'The tenant already has the largest number of result cache policies; unset one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const resultOperations = {
  'result-terms.list': ofTenant('a2a:read'),
  // They set the price of calls, and which callers may see results of other callers.
  'result-terms.change': ofTenant('agents:approve', 'agent'),
  'result.purge': ofTenant('agents:write', 'agent'),
} as const satisfies Record<string, OperationPolicy>;

export const resultAuditActions = ['task.served', 'result-terms.set', 'result-terms.unset', 'results.purged'] as const;
