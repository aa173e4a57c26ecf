import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

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

export const trustOperations = {
  'card-key.add': ofTenant('agents:approve'),
  'card-key.list': ofTenant('a2a:read'),
  'card-key.revoke': ofTenant('agents:approve'),
  'card-policy.read': ofTenant('a2a:read'),
  'card-policy.change': ofTenant('agents:approve'),
} as const satisfies Record<string, OperationPolicy>;

export const trustAuditActions = ['card-key.added', 'card-key.revoked', 'card-policy.changed'] as const;
