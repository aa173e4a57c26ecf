/** Whose tasks a budget pays for. */
export const budgetScopes = ['tenant', 'agent', 'skill', 'client', 'department', 'cost-center'] as const;
export type BudgetScope = (typeof budgetScopes)[number];

/** The time after which a budget begins anew, in days and months of UTC. `total`: never. */
export const budgetPeriods = ['day', 'month', 'total'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** `soft`: the budget is charged and raises alerts, but refuses nothing. */
export const budgetModes = ['hard', 'soft'] as const;
export type BudgetMode = (typeof budgetModes)[number];

/** The part of a budget that a send needs. */
export interface SpendingBudget {
  /** Unique in the tenant. */
  readonly name: string;
  /** 32 hex digits; another one when scope, subject or period change, because the budget then counts anew. */
  readonly budgetId: string;
  readonly scope: BudgetScope;
  /** An agent's name, `agent/skill`, the id of a principal, a department or a cost center; empty for the tenant itself. */
  readonly subject: string;
  readonly limitMicrocredits: bigint;
  readonly period: BudgetPeriod;
  readonly mode: BudgetMode;
}

export interface Budget extends SpendingBudget {
  /** An alert is raised when so many percent of the limit are spent. Ascending, at most `limits.budgetAlertPercentsMax`. */
  readonly alertPercents: readonly number[];
  /** An alert is raised when credits are spent this many times faster than evenly over the period. Null: none. */
  readonly burnRateFactor: number | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** The budgets of a tenant that may pay for a task of one agent, as of one version of all of them. */
export interface TenantBudgets {
  /** UUID that changes with every change of a budget of the tenant. */
  readonly version: string;
  readonly budgets: readonly SpendingBudget[];
}

/** What a task is, as far as budgets distinguish. */
export interface Spending {
  readonly agentName: string;
  /** Null when the message names no skill. */
  readonly skillId: string | null;
  /** Id of the principal that sends. */
  readonly clientId: string;
  /** Of the client or API key, or else of the agent. */
  readonly department: string | null;
  readonly costCenter: string | null;
}

/** One period of a budget. */
export interface BudgetWindow {
  /** 32 hex digits, derived from the budget and the start. */
  readonly windowId: string;
  readonly startsAtMs: number;
  /** Null for a budget in total. */
  readonly endsAtMs: number | null;
}

/** A window that pays for a task. */
export interface ChargedWindow extends BudgetWindow {
  readonly budget: SpendingBudget;
}

/** The budgets that pay for a new task. */
export interface TaskBudgets {
  /** The version of the tenant's budgets from which they were chosen. */
  readonly version: string;
  readonly windows: readonly ChargedWindow[];
}

/** Where a budget stands in its current window. */
export interface BudgetStatus {
  readonly budget: Budget;
  readonly startsAt: Date;
  /** Null for a budget in total. */
  readonly endsAt: Date | null;
  /** Charged to the window, with what is reserved for open tasks. */
  readonly spentMicrocredits: bigint;
  /** The limit less what is spent; below zero when a soft budget, a lowered limit or an overage goes beyond it. */
  readonly leftMicrocredits: bigint;
  /** When it was read. */
  readonly at: Date;
}
