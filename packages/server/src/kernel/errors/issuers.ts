import { entry, never, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of external issuers. */
export const issuerErrors = {
  'access.issuer-unknown': entry('not-found', 'caller', never, 'There is no such external issuer.'),
  'access.issuer-exists': entry(
    'conflict',
    'caller',
    never,
    'Tokens of this issuer for this audience are accepted already; change or remove that registration instead.',
  ),
  'access.issuer-limit': entry(
    'precondition',
    'caller',
    never,
    'The tenant already has the largest number of external issuers; remove one first.',
  ),
  'access.issuer-unreachable': entry(
    'unprocessable',
    'tenant-admin',
    same,
    'The metadata or the keys of the issuer could not be read, or are not valid; check what the issuer publishes.',
  ),
} as const satisfies Record<string, CatalogEntry>;
