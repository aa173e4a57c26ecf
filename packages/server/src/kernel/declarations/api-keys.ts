import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

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

export const apiKeyOperations = {
  'api-key.create': ofTenant('clients:write'),
  'api-key.list': ofTenant('clients:write'),
  'api-key.revoke': ofTenant('clients:write'),
} as const satisfies Record<string, OperationPolicy>;

export const apiKeyAuditActions = ['api-key.created', 'api-key.revoked'] as const;
