/** How long and how often sends that budgets pay for are measured against plain ones. */
export interface BudgetPlan {
  readonly rounds: number;
  readonly settleMs: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export const budgetPlans = {
  quick: { rounds: 7, settleMs: 1_500, warmupMs: 300, measureMs: 1_000 },
  full: { rounds: 9, settleMs: 4_000, warmupMs: 500, measureMs: 3_000 },
} as const satisfies Record<string, BudgetPlan>;

/** Connections of the closed loop. */
export const budgetConnections = [128, 32] as const;

/** `plain`: one price for each call. `priced`: the skill has a price with parts. `budgets`: as `priced`, and three hard budgets pay for each task. */
export const tenantNames = ['plain', 'priced', 'budgets'] as const;
export type TenantName = (typeof tenantNames)[number];
