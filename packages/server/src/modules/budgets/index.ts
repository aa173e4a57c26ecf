export { budgetModes, budgetPeriods, budgetScopes } from './budget.ts';
export type {
  Budget,
  BudgetMode,
  BudgetPeriod,
  BudgetScope,
  BudgetStatus,
  BudgetWindow,
  ChargedWindow,
  Spending,
  SpendingBudget,
  TaskBudgets,
  TenantBudgets,
} from './budget.ts';
export { budgetsOfTask, projectionOf, windowAt } from './budget-rules.ts';
export type { BudgetProjection } from './budget-rules.ts';
export type { BudgetDraft, BudgetStore, SetBudgetOutcome } from './budget-store.ts';
export { setBudget, unsetBudget } from './change-budget.ts';
export { getBudget, listBudgets } from './read-budgets.ts';
export type { BudgetDetails } from './read-budgets.ts';
