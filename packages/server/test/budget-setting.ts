import { createBudgetStore } from '../src/adapters/postgres/budgets/budget-store.ts';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { budgetsOfTask } from '../src/modules/budgets/index.ts';
import type { BudgetDraft, BudgetStatus } from '../src/modules/budgets/index.ts';
import type { NewTask } from '../src/modules/tasks/index.ts';
import { draftTask } from './task-drafts.ts';
import { seedEntry } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

export const dayMs = 24 * 60 * 60_000;

/** Sets a hard budget of the whole tenant for the day, or what the overrides say. */
export async function setBudget(
  setting: TaskSetting,
  tenant: SeededTenant,
  overrides: Partial<BudgetDraft> = {},
): Promise<BudgetStatus> {
  const draft: BudgetDraft = {
    name: 'all',
    scope: 'tenant',
    subject: '',
    limitMicrocredits: 100n,
    period: 'day',
    mode: 'hard',
    alertPercents: [],
    burnRateFactor: null,
    ...overrides,
  };
  const outcome = await createBudgetStore(setting.readers).set(
    draft,
    seedEntry(setting.ids, tenant.tenantId, 'budget.set'),
  );
  if (outcome.kind !== 'set') throw new Error('The tenant has too many budgets.');
  return outcome.status;
}

export async function unsetBudget(setting: TaskSetting, tenant: SeededTenant, name: string): Promise<void> {
  await createBudgetStore(setting.readers).unset(name, seedEntry(setting.ids, tenant.tenantId, 'budget.unset'));
}

export async function budgetOf(setting: TaskSetting, tenant: SeededTenant, name = 'all'): Promise<BudgetStatus> {
  const status = await createBudgetStore(setting.readers).find(tenant.tenantId, name);
  if (status === null) throw new Error('There is no such budget.');
  return status;
}

/** A send as the gateway would record it with the budgets that the tenant has now. */
export async function draftBudgeted(
  setting: TaskSetting,
  tenant: SeededTenant,
  overrides: Partial<NewTask> = {},
): Promise<NewTask> {
  const route = await createRouteStore(setting.readers).findByName(tenant.tenantId, tenant.agentName);
  if (route === null) throw new Error('The agent has no route.');
  const task = draftTask(setting, tenant, overrides);
  if (route.budgets === undefined) return task;
  const { agentName, department, costCenter } = route;
  const spending = { agentName, department, costCenter, skillId: null, clientId: task.ownerId };
  return { ...task, budgets: budgetsOfTask(route.budgets, spending, task.statusAtMs) };
}
