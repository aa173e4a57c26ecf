import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { BudgetStatus } from './budget.ts';
import { projectionOf } from './budget-rules.ts';
import type { BudgetProjection } from './budget-rules.ts';
import type { BudgetStore } from './budget-store.ts';

/** The budgets of the caller's tenant with what they have left. */
export function listBudgets({ budgets }: { readonly budgets: Pick<BudgetStore, 'list'> }) {
  return (caller: Caller, page: PageRequest): Promise<Page<BudgetStatus>> => budgets.list(caller.tenant.id, page);
}

export interface BudgetDetails {
  readonly status: BudgetStatus;
  /** The part of what is spent that is reserved for open tasks. */
  readonly reservedMicrocredits: bigint;
  readonly projection: BudgetProjection | null;
}

/** Throws `budgets.unknown`. */
export function getBudget({ budgets }: { readonly budgets: Pick<BudgetStore, 'find' | 'readReserved'> }) {
  return async (caller: Caller, name: string): Promise<BudgetDetails> => {
    const status = await budgets.find(caller.tenant.id, name);
    if (status === null) throw new PlatformError('budgets.unknown');
    const reservedMicrocredits = await budgets.readReserved(caller.tenant.id, name);
    return { status, reservedMicrocredits, projection: projectionOf(status) };
  };
}
