/** Guarantee: a budget pays for the tasks in its scope and no others, in windows that are the days and months of UTC, and its projection is exact. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BudgetStatus, Spending, SpendingBudget } from './budget.ts';
import { budgetsOfTask, projectionOf, windowAt } from './budget-rules.ts';

const budget = (over: Partial<SpendingBudget> = {}): SpendingBudget => ({
  name: 'all',
  budgetId: 'a'.repeat(32),
  scope: 'tenant',
  subject: '',
  limitMicrocredits: 100n,
  period: 'day',
  mode: 'hard',
  ...over,
});
const spending: Spending = {
  agentName: 'echo',
  skillId: 'translate',
  clientId: 'cli_1',
  department: 'Sales',
  costCenter: 'CC-1',
};
const at = (iso: string): number => Date.parse(iso);

describe('the budgets of a task', () => {
  it('are those in whose scope it is', () => {
    const inScope = [
      budget({ name: 'tenant' }),
      budget({ name: 'agent', scope: 'agent', subject: 'echo' }),
      budget({ name: 'skill', scope: 'skill', subject: 'echo/translate' }),
      budget({ name: 'client', scope: 'client', subject: 'cli_1' }),
      budget({ name: 'department', scope: 'department', subject: 'Sales' }),
      budget({ name: 'cost-center', scope: 'cost-center', subject: 'CC-1' }),
    ];
    const others = [
      budget({ scope: 'agent', subject: 'echo-2' }),
      budget({ scope: 'skill', subject: 'echo-2/translate' }),
      budget({ scope: 'skill', subject: 'echo/other' }),
      budget({ scope: 'client', subject: 'cli_2' }),
      budget({ scope: 'department', subject: 'sales' }),
      budget({ scope: 'cost-center', subject: 'Sales' }),
    ];
    const tenant = { version: 'v', budgets: [...others, ...inScope] };
    const names = (of: Spending): readonly string[] =>
      budgetsOfTask(tenant, of, 0).windows.map((window) => window.budget.name);
    assert.deepEqual(names(spending), ['tenant', 'agent', 'skill', 'client', 'department', 'cost-center']);
    const none = { ...spending, skillId: null, department: null, costCenter: null };
    assert.deepEqual(names(none), ['tenant', 'agent', 'client']);
  });

  it('have windows that begin and end at midnight and at the first of a month of UTC, in whatever order they are asked for', () => {
    const one = budget();
    const month = budget({ budgetId: 'b'.repeat(32), period: 'month' });
    const total = budget({ budgetId: 'c'.repeat(32), period: 'total' });
    const spans = (of: SpendingBudget, ...times: readonly string[]) =>
      times.map((time) => {
        const { startsAtMs, endsAtMs } = windowAt(of, at(time));
        return [new Date(startsAtMs).toISOString(), endsAtMs === null ? null : new Date(endsAtMs).toISOString()];
      });
    const leap = ['2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z'];
    const before = ['2028-02-28T00:00:00.000Z', '2028-02-29T00:00:00.000Z'];
    assert.deepEqual(spans(one, '2028-02-29T00:00:00.000Z', '2028-02-28T23:59:59.999Z', '2028-02-29T23:59:59.999Z'), [
      leap,
      before,
      leap,
    ]);
    assert.deepEqual(spans(month, '2027-12-31T23:59:59.999Z', '2028-01-01T00:00:00.000Z'), [
      ['2027-12-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'],
      ['2028-01-01T00:00:00.000Z', '2028-02-01T00:00:00.000Z'],
    ]);
    assert.deepEqual(spans(total, '2028-02-29T00:00:00.000Z'), [['1970-01-01T00:00:00.000Z', null]]);
  });

  it('have one window id for each period, the same in every process', () => {
    const id = (time: string, of = budget()): string => windowAt(of, at(time)).windowId;
    assert.match(id('2028-02-29T00:00:00Z'), /^[0-9a-f]{32}$/);
    assert.equal(id('2028-02-29T00:00:00Z'), id('2028-02-29T23:59:59Z'));
    assert.notEqual(id('2028-02-29T00:00:00Z'), id('2028-03-01T00:00:00Z'));
    assert.notEqual(id('2028-02-29T00:00:00Z'), id('2028-02-29T00:00:00Z', budget({ budgetId: 'b'.repeat(32) })));
  });
});

describe('the projection of a budget', () => {
  const status = (over: Partial<BudgetStatus>): BudgetStatus => ({
    budget: { ...budget(), alertPercents: [], burnRateFactor: null, changedBy: 'cli_1', changedAt: new Date(0) },
    startsAt: new Date('2026-11-25T00:00:00Z'),
    endsAt: new Date('2026-11-26T00:00:00Z'),
    spentMicrocredits: 50n,
    leftMicrocredits: 50n,
    at: new Date('2026-11-25T06:00:00Z'),
    ...over,
  });

  it('is what the period ends with at its average rate, and when the limit is reached before', () => {
    assert.deepEqual(projectionOf(status({})), {
      spentMicrocredits: 200n,
      runsOutAt: new Date('2026-11-25T12:00:00Z'),
    });
    assert.deepEqual(projectionOf(status({ spentMicrocredits: 25n })), { spentMicrocredits: 100n, runsOutAt: null });
  });

  it('is none before anything is spent, at the first moment of a period exact, and none for a budget in total', () => {
    assert.equal(projectionOf(status({ spentMicrocredits: 0n })), null);
    assert.equal(projectionOf(status({ endsAt: null })), null);
    const first = projectionOf(status({ at: new Date('2026-11-25T00:00:00Z') }));
    assert.equal(first?.spentMicrocredits, 50n * 86_400_000n);
  });
});
