import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

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
