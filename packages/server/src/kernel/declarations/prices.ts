import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofAgent, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of prices. */
export const priceErrors = {
  'prices.unknown': entry('not-found', 'caller', never, 'No price override is set there.'),
  'prices.skill-unknown': entry('not-found', 'caller', never, 'The agent has no such skill.'),
  'prices.too-many': entry(
    'conflict',
    'caller',
    never,
    'The agent has as many price overrides as it may have; remove old ones first.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const priceOperations = {
  'price.list': ofTenant('a2a:read'),
  'price.read': ofTenant('a2a:read', 'agent'),
  // It decides what the callers of the agent pay.
  'price.change': ofTenant('agents:write'),
  // The use case judges the right to send, for the skill that the body names.
  'call.quote': ofAgent('a2a:send'),
} as const satisfies Record<string, OperationPolicy>;

export const priceAuditActions = ['price.set', 'price.unset'] as const;
