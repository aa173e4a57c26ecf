import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of resilience policies. */
export const resilienceErrors = {
  'resilience.unknown': entry('not-found', 'caller', never, 'No resilience policy is set there.'),
  'resilience.skill-unknown': entry('not-found', 'caller', never, 'The agent has no such skill.'),
} as const satisfies Record<string, CatalogEntry>;

export const resilienceOperations = {
  'resilience.list': ofTenant('a2a:read'),
  // It leads callers of one agent to others.
  'resilience.change': ofTenant('agents:write'),
} as const satisfies Record<string, OperationPolicy>;

export const resilienceAuditActions = ['resilience.set', 'resilience.unset'] as const;
