import { digest128 } from '../../kernel/digest.ts';
import type {
  BudgetPeriod,
  BudgetStatus,
  BudgetWindow,
  ChargedWindow,
  SpendingBudget,
  Spending,
  TaskBudgets,
  TenantBudgets,
} from './budget.ts';

/** The windows that pay for a task that is recorded at this time: one of each budget in whose scope it is. */
export function budgetsOfTask({ version, budgets }: TenantBudgets, spending: Spending, nowMs: number): TaskBudgets {
  const windows = budgets.filter((budget) => paysFor(budget, spending)).map((budget) => windowAt(budget, nowMs));
  return { version, windows };
}

function paysFor({ scope, subject }: SpendingBudget, spending: Spending): boolean {
  const { agentName, skillId, clientId, department, costCenter } = spending;
  switch (scope) {
    case 'tenant':
      return true;
    case 'agent':
      return subject === agentName;
    case 'skill':
      return skillId !== null && subject === `${agentName}/${skillId}`;
    case 'client':
      return subject === clientId;
    case 'department':
      return subject === department;
    case 'cost-center':
      return subject === costCenter;
  }
}

/** The newest window that was asked for, of each budget of a cached route: most sends are in the same one, and its id is a digest. */
const newest = new WeakMap<SpendingBudget, ChargedWindow>();

/** The window of a budget that contains this time. */
export function windowAt(budget: SpendingBudget, nowMs: number): ChargedWindow {
  const known = newest.get(budget);
  if (known !== undefined && nowMs >= known.startsAtMs && (known.endsAtMs === null || nowMs < known.endsAtMs))
    return known;
  const { startsAtMs, endsAtMs } = periodAt(budget.period, nowMs);
  const window = { budget, windowId: digest128(`${budget.budgetId} ${startsAtMs}`), startsAtMs, endsAtMs };
  newest.set(budget, window);
  return window;
}

/** The period of UTC that contains this time. */
function periodAt(period: BudgetPeriod, nowMs: number): Omit<BudgetWindow, 'windowId'> {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (period) {
    case 'day':
      return { startsAtMs: Date.UTC(year, month, day), endsAtMs: Date.UTC(year, month, day + 1) };
    case 'month':
      return { startsAtMs: Date.UTC(year, month, 1), endsAtMs: Date.UTC(year, month + 1, 1) };
    case 'total':
      return { startsAtMs: 0, endsAtMs: null };
  }
}

/** What a window ends with when credits are spent as fast as they were on average since its start. */
export interface BudgetProjection {
  readonly spentMicrocredits: bigint;
  /** When nothing is left; null when that is not before the end of the window. */
  readonly runsOutAt: Date | null;
}

/** Null for a budget in total, which has no end, and while nothing is spent. */
export function projectionOf({
  budget,
  startsAt,
  endsAt,
  at,
  spentMicrocredits,
}: BudgetStatus): BudgetProjection | null {
  if (endsAt === null || spentMicrocredits <= 0n) return null;
  const elapsedMs = BigInt(Math.max(1, at.getTime() - startsAt.getTime()));
  const lengthMs = BigInt(endsAt.getTime() - startsAt.getTime());
  const projected = (spentMicrocredits * lengthMs) / elapsedMs;
  if (projected <= budget.limitMicrocredits) return { spentMicrocredits: projected, runsOutAt: null };
  const lastsMs = Number((budget.limitMicrocredits * elapsedMs) / spentMicrocredits);
  return { spentMicrocredits: projected, runsOutAt: new Date(startsAt.getTime() + lastsMs) };
}
