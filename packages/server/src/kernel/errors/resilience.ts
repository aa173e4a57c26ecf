import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of resilience policies. */
export const resilienceErrors = {
  'resilience.unknown': entry('not-found', 'caller', never, 'No resilience policy is set there.'),
  'resilience.skill-unknown': entry('not-found', 'caller', never, 'The agent has no such skill.'),
} as const satisfies Record<string, CatalogEntry>;
