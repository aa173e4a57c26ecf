import { entry, never } from './catalog-entry.ts';
import type { CatalogEntry } from './catalog-entry.ts';

/** The rows of what tenants set for themselves: limits, terms of results, objectives; part of `errorCatalog`. */
export const termsErrors = {
  'limits.quota-used': entry(
    'rate-limited',
    'tenant-admin',
    { kind: 'after', retryAfterMs: 1000 },
    'The quota of sends is used up; it begins anew with the next day or month in UTC.',
  ),
  'results.terms-unknown': entry('not-found', 'caller', never, 'Nothing is said of results there.'),
  'results.too-many': entry(
    'precondition',
    'tenant-admin',
    never,
    'The tenant has as many terms of results as it may have; take some back.',
  ),
  'sla.objective-unknown': entry('not-found', 'caller', never, 'No objective is set there.'),
  'sla.tier-unknown': entry('not-found', 'caller', never, 'There is no such tier; there are gold, silver and bronze.'),
  'sla.too-many': entry(
    'precondition',
    'tenant-admin',
    never,
    'The tenant has as many agents with objectives of their own as it may have; unset one.',
  ),
  'limits.unknown': entry('not-found', 'caller', never, 'No limit is set there.'),
  'limits.too-many': entry(
    'precondition',
    'caller',
    never,
    'The tenant has set as many limits as may be; unset one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;
