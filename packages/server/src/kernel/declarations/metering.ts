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
    'This grant id was used with another amount or expiry, and the first grant stands; use a new id.',
  ),
  'credits.transfer-conflict': entry(
    'conflict',
    'caller',
    never,
    'This transfer id was used with another amount or tenant, and the first transfer stands; use a new id.',
  ),
  'credits.too-many-grants': entry(
    'conflict',
    'caller',
    never,
    'The tenant has 1,000 grants that are going to expire; grant without an expiry, or wait until one has expired.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const meteringOperations = {
  'credits.read': ofTenant('credits:read'),
  'credits.grant': ofPlatform,
  'credits.transfer': ofPlatform,
  'credits.reconcile': ofPlatform,
  'credits.change-settings': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;

export const meteringAuditActions = [
  'credits.granted',
  'credits.lapsed',
  'credits.transferred-out',
  'credits.transferred-in',
  'credits.settings-changed',
  'credits.drift-found',
] as const;
