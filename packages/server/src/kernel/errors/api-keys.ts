import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of API keys. */
export const apiKeyErrors = {
  'access.api-key-unknown': entry('not-found', 'caller', never, 'There is no such API key.'),
  'access.api-key-limit': entry(
    'precondition',
    'caller',
    never,
    'There are already as many live API keys of this name, or of the tenant, as allowed; revoke one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;
