import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of people. */
export const peopleErrors = {
  'people.person-exists': entry(
    'conflict',
    'caller',
    never,
    'A person with this login name exists already in the tenant.',
  ),
  'people.person-unknown': entry('not-found', 'caller', never, 'There is no such person.'),
} as const satisfies Record<string, CatalogEntry>;
