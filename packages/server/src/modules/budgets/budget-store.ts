import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { Budget, BudgetStatus } from './budget.ts';

/** A budget as a caller wants it. Amounts in micro-credits. */
export type BudgetDraft = Omit<Budget, 'budgetId' | 'changedBy' | 'changedAt'>;

/** The outcome of a change; `full`: the tenant has `limits.budgetsPerTenantMax` others. */
export type SetBudgetOutcome = { readonly kind: 'set'; readonly status: BudgetStatus } | { readonly kind: 'full' };

/**
 * Budgets of tenants. Promises of an implementation: a change is written with its audit entry and with a new version of the tenant's budgets, under
 * the lock that recordings hold; so every task recorded after it is judged and charged by it. Every method rejects with `platform.unavailable` while
 * the database is away.
 */
export interface BudgetStore {
  /** In the order of their names. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<BudgetStatus>>;
  find(tenantId: TenantId, name: string): Promise<BudgetStatus | null>;
  /** What is reserved for the open tasks that the budget's current window pays for. */
  readReserved(tenantId: TenantId, name: string): Promise<bigint>;
  /**
   * Replaces what was set. With the same scope, subject and period the budget goes on counting, and what its current window has left changes by the
   * difference of the limits. Otherwise it counts anew.
   */
  set(draft: BudgetDraft, entry: NewAuditEntry): Promise<SetBudgetOutcome>;
  /** Whether there was one; only then the entry is written. */
  unset(name: string, entry: NewAuditEntry): Promise<boolean>;
}
