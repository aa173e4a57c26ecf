import { entry, never } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of budgets. */
export const budgetErrors = {
  'credits.budget-exceeded': entry(
    'payment-required',
    'tenant-admin',
    never,
    'A budget does not cover the price of the task; nothing was sent and nothing was charged. Wait for its next period, or ask for a higher limit.',
  ),
  'budgets.unknown': entry('not-found', 'caller', never, 'The tenant has no such budget.'),
  'budgets.too-many': entry(
    'precondition',
    'tenant-admin',
    never,
    'The tenant already has the largest number of budgets; unset one first.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export const budgetOperations = {
  'budget.read': ofTenant('credits:read'),
  'budget.change': ofTenant('limits:write'),
} as const satisfies Record<string, OperationPolicy>;

export const budgetAuditActions = ['budget.set', 'budget.unset'] as const;
