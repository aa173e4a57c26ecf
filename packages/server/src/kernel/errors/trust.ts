import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of keys that sign cards. */
export const trustErrors = {
  'trust.card-key-exists': entry('conflict', 'caller', never, 'The tenant has, or had, a card key with this id.'),
  'trust.card-key-unknown': entry('not-found', 'caller', never, 'There is no such card key, or it is revoked.'),
  'trust.card-key-limit': entry(
    'precondition',
    'caller',
    never,
    'The tenant already trusts the largest number of card keys; revoke one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;
