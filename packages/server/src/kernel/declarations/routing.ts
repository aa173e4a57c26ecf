import { entry, never, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of finding an instance, and of the router. */
export const routingErrors = {
  'routing.no-instance': entry(
    'unavailable',
    'tenant-admin',
    { kind: 'after', retryAfterMs: 1000 },
    'No instance of this agent accepts new tasks at the moment; try again later.',
  ),
  'router.nothing-fits': entry(
    'not-found',
    'caller',
    never,
    'No skill that you may use matches this message; name a skill, or an agent.',
  ),
  'router.chooser-failed': entry(
    'upstream-failed',
    'operator',
    same,
    'The model that chooses among skills gave no usable answer; try again, or name a skill.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const routingOperations = {
  'routing.read': ofTenant('a2a:read', 'agent'),
  'routing.change': ofTenant('agents:write', 'agent'),
} as const satisfies Record<string, OperationPolicy>;

export const routingAuditActions = ['routing.set', 'routing.unset'] as const;
