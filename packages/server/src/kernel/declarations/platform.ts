import { entry, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';

/** The errors of the platform itself. */
export const platformErrors = {
  'platform.unavailable': entry(
    'unavailable',
    'operator',
    { kind: 'after', retryAfterMs: 1000 },
    'The platform cannot record work right now; retry shortly.',
  ),
  'platform.overloaded': entry(
    'unavailable',
    'operator',
    { kind: 'after', retryAfterMs: 1000 },
    'The platform works on as many requests as it can; retry shortly.',
  ),
  'internal.unexpected': entry(
    'internal',
    'us',
    same,
    'Something went wrong on our side; quote the request id when you report it.',
  ),
} as const satisfies Record<string, CatalogEntry>;
