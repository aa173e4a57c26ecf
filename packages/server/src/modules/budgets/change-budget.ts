import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { BudgetScope, BudgetStatus } from './budget.ts';
import type { BudgetDraft, BudgetStore } from './budget-store.ts';

interface ChangeBudgetPorts {
  readonly budgets: Pick<BudgetStore, 'set' | 'unset'>;
  readonly ids: IdSource;
}

/** Sets a budget of the caller's tenant. Throws `budgets.too-many`, and `request.invalid` with what is wrong. */
export function setBudget({ budgets, ids }: ChangeBudgetPorts) {
  return async (caller: Caller, draft: BudgetDraft): Promise<BudgetStatus> => {
    const violations = problemsOf(draft);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const { name, scope, subject, limitMicrocredits, period, mode } = draft;
    const entry = auditEntryBy(caller, ids, {
      action: 'budget.set',
      outcome: 'succeeded',
      resource: `budgets/${name}`,
      facts: { scope, subject, limitMicrocredits: String(limitMicrocredits), period, mode },
    });
    const outcome = await budgets.set({ ...draft, alertPercents: ascending(draft.alertPercents) }, entry);
    if (outcome.kind === 'full') throw new PlatformError('budgets.too-many');
    return outcome.status;
  };
}

/** Removes a budget; what it was charged is forgotten. Throws `budgets.unknown`. */
export function unsetBudget({ budgets, ids }: ChangeBudgetPorts) {
  return async (caller: Caller, name: string): Promise<void> => {
    const act = { action: 'budget.unset', outcome: 'succeeded', resource: `budgets/${name}`, facts: {} } as const;
    if (!(await budgets.unset(name, auditEntryBy(caller, ids, act)))) throw new PlatformError('budgets.unknown');
  };
}

function ascending(percents: readonly number[]): readonly number[] {
  return [...new Set(percents)].toSorted((one, other) => one - other);
}

interface Violation {
  readonly field: string;
  readonly description: string;
}

function problemsOf({ name, scope, subject, period, burnRateFactor }: BudgetDraft): readonly Violation[] {
  const nameProblem = slugProblem(name);
  const subjectProblem = subjectProblemOf(scope, subject);
  return [
    ...(nameProblem === null ? [] : [{ field: 'budget', description: nameProblem }]),
    ...(subjectProblem === null ? [] : [{ field: 'subject', description: subjectProblem }]),
    ...(period === 'total' && burnRateFactor !== null
      ? [{ field: 'burnRateFactor', description: 'needs a period that ends: day or month' }]
      : []),
  ];
}

function subjectProblemOf(scope: BudgetScope, subject: string): string | null {
  if (scope === 'tenant') return subject === '' ? null : 'must be absent for the whole tenant';
  if (scope === 'agent') return slugProblem(subject);
  if (scope === 'skill') {
    const slash = subject.indexOf('/');
    const isSkill = slash > 0 && slugProblem(subject.slice(0, slash)) === null && fits(subject.slice(slash + 1));
    return isSkill ? null : "must be an agent's name, a slash, and the id of a skill";
  }
  return fits(subject) ? null : `must have 1 to ${limits.budgetSubjectCharsMax} characters`;
}

function fits(text: string): boolean {
  return text.length > 0 && text.length <= limits.budgetSubjectCharsMax;
}
