import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

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
    never,
    'The metadata or the keys of the issuer could not be read, or are not valid; check what the issuer publishes.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const issuerOperations = {
  'issuer.register': ofTenant('clients:write'),
  'issuer.list': ofTenant('clients:write'),
  'issuer.change': ofTenant('clients:write'),
  'issuer.remove': ofTenant('clients:write'),
} as const satisfies Record<string, OperationPolicy>;

export const issuerAuditActions = ['issuer.registered', 'issuer.changed', 'issuer.removed'] as const;
