import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of sealed secrets. */
export const secretErrors = {
  'secret.unreadable': entry(
    'internal',
    'operator',
    never,
    'A stored secret cannot be opened; an operator finds the cause in the log, or set the secret again.',
  ),
  'secret.rotation-pending': entry(
    'conflict',
    'operator',
    never,
    'A rotation of the secret keys is in progress; wait until it has finished.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const secretOperations = {
  'secret.read-keys': ofPlatform,
  'secret.rotate': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;

export const secretAuditActions = ['secret.unreadable', 'secret.rotation-asked'] as const;
