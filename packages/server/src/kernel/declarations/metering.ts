import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of credits. */
export const meteringErrors = {
  'credits.insufficient': entry(
    'payment-required',
    'tenant-admin',
    never,
    'The tenant has too few credits for this call; ask for a grant.',
  ),
  'credits.amount-invalid': entry(
    'invalid',
    'caller',
    never,
    'The amount must be a positive integer of micro-credits within the limit.',
  ),
  'credits.grant-conflict': entry(
    'conflict',
    'caller',
    never,
    'This grant id was used with another amount, and the first grant stands; use a new id.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const meteringOperations = {
  'credits.read': ofTenant('credits:read'),
  'credits.grant': ofPlatform,
  'credits.change-settings': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;

export const meteringAuditActions = ['credits.granted', 'credits.settings-changed'] as const;
