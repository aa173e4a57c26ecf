import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

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

export const peopleOperations = {
  'person.create': ofTenant('clients:write'),
  'person.list': ofTenant('clients:write'),
  'person.link': ofTenant('clients:write'),
  'person.disable': ofTenant('clients:write'),
  'client.sign-in': ofTenant('clients:write'),
} as const satisfies Record<string, OperationPolicy>;

export const peopleAuditActions = [
  'person.created',
  'person.disabled',
  'person.enabled',
  'person.link-created',
  'person.password-set',
  'person.signed-in',
  'client.sign-in-set',
] as const;
