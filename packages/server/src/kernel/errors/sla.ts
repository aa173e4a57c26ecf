import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

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
