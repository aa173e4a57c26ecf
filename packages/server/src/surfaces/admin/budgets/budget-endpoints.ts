import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import {
  budgetModes,
  budgetPeriods,
  budgetScopes,
  getBudget,
  listBudgets,
  setBudget,
  unsetBudget,
} from '../../../modules/budgets/index.ts';
import type { BudgetDetails, BudgetStatus } from '../../../modules/budgets/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const limit = Type.Integer({
  minimum: 0,
  maximum: limits.amountMicrocreditsMax,
  description: 'What may be spent in one period. 0: only free tasks.',
});
const alertPercents = Type.Array(Type.Integer({ minimum: 1, maximum: limits.budgetAlertPercentMax }), {
  maxItems: limits.budgetAlertPercentsMax,
  description: `An alert is raised when so many percent of the limit are spent; by default at ${limits.budgetAlertPercentsDefault.join(', ')}.`,
});
const burnRateFactor = Type.Number({
  minimum: limits.burnRateFactorMin,
  maximum: limits.burnRateFactorMax,
  description:
    'An alert is raised when credits are spent this many times faster than evenly over the period; absent: none.',
});
const subject = Type.String({
  maxLength: 300,
  description:
    'The name of an agent, `agent/skill`, the id of a client or another principal, a department, or a cost center; absent for the whole tenant.',
});
const scope = Type.Enum([...budgetScopes], { description: 'Whose tasks it pays for. Default: tenant.' });
const period = Type.Enum([...budgetPeriods], { description: 'Days and months of UTC.' });
const mode = Type.Enum([...budgetModes], {
  description: 'hard: refuses tasks that it does not pay for; soft: raises alerts only. Default: hard.',
});

const budgetBody = Type.Object(
  {
    scope: Type.Optional(scope),
    subject: Type.Optional(subject),
    limitMicrocredits: limit,
    period,
    mode: Type.Optional(mode),
    alertPercents: Type.Optional(alertPercents),
    burnRateFactor: Type.Optional(burnRateFactor),
  },
  closed,
);

const amount = { minimum: -limits.amountMicrocreditsMax, maximum: limits.amountMicrocreditsMax } as const;

const statusFields = {
  name: Type.String({ description: 'Unique in the tenant.' }),
  scope,
  subject: Type.Optional(subject),
  limitMicrocredits: limit,
  period,
  mode,
  alertPercents,
  burnRateFactor: Type.Optional(burnRateFactor),
  startsAt: time('When its current period began; 1970 for a budget in total.'),
  endsAt: Type.Optional(time('When it begins anew; absent for a budget in total.')),
  spentMicrocredits: Type.Integer({ ...amount, description: 'With what is reserved for open tasks.' }),
  leftMicrocredits: Type.Integer({ ...amount, description: 'Below zero when more was spent than the limit.' }),
  changedBy: Type.String({ description: 'Id of the principal that set it.' }),
  changedAt: time('When it was set.'),
};
const statusSchema = component('Budget', Type.Object(statusFields, closed));

const detailsSchema = component(
  'BudgetDetails',
  Type.Object(
    {
      ...statusFields,
      reservedMicrocredits: Type.Integer({ ...amount, description: 'The part of what is spent that open tasks hold.' }),
      projectedMicrocredits: Type.Optional(
        Type.Number({ description: 'What is spent at the end of the period, at the average rate since its start.' }),
      ),
      runsOutAt: Type.Optional(time('When nothing is left at that rate; absent when that is after the period.')),
    },
    closed,
  ),
);

const statusAnswer = ({ budget, ...status }: BudgetStatus): Static<typeof statusSchema> => ({
  name: budget.name,
  scope: budget.scope,
  ...(budget.subject === '' ? {} : { subject: budget.subject }),
  limitMicrocredits: Number(budget.limitMicrocredits),
  period: budget.period,
  mode: budget.mode,
  alertPercents: [...budget.alertPercents],
  ...(budget.burnRateFactor === null ? {} : { burnRateFactor: budget.burnRateFactor }),
  startsAt: status.startsAt.toISOString(),
  ...(status.endsAt === null ? {} : { endsAt: status.endsAt.toISOString() }),
  spentMicrocredits: Number(status.spentMicrocredits),
  leftMicrocredits: Number(status.leftMicrocredits),
  changedBy: budget.changedBy,
  changedAt: budget.changedAt.toISOString(),
});

const detailsAnswer = ({ status, reservedMicrocredits, projection }: BudgetDetails): Static<typeof detailsSchema> => ({
  ...statusAnswer(status),
  reservedMicrocredits: Number(reservedMicrocredits),
  ...(projection === null ? {} : { projectedMicrocredits: Number(projection.spentMicrocredits) }),
  ...(projection === null || projection.runsOutAt === null ? {} : { runsOutAt: projection.runsOutAt.toISOString() }),
});

const path = '/tenants/{tenant}/budgets/{budget}';

export const budgetEndpoints = [
  endpoint({
    id: 'listBudgets',
    method: 'GET',
    path: '/tenants/{tenant}/budgets',
    operation: 'budget.read',
    summary: 'List the budgets of the tenant, with what each has left, in the order of their names',
    query: pageQuery,
    answer: pageOfSchema(statusSchema),
    uses: { listBudgets },
    handle: async ({ listBudgets }, { caller, query }) =>
      pageAnswer(await listBudgets(caller, pageRequestOf(query)), statusAnswer),
  }),
  endpoint({
    id: 'getBudget',
    method: 'GET',
    path,
    operation: 'budget.read',
    summary: 'Get one budget of the tenant, with what open tasks hold of it and when it runs out',
    answer: detailsSchema,
    errors: ['budgets.unknown'],
    uses: { getBudget },
    handle: async ({ getBudget }, { caller, path }) => detailsAnswer(await getBudget(caller, path.budget)),
  }),
  endpoint({
    id: 'setBudget',
    method: 'PUT',
    path,
    operation: 'budget.change',
    summary: 'Set a budget of the tenant, instead of what was set before',
    body: budgetBody,
    answer: statusSchema,
    errors: ['budgets.too-many'],
    uses: { setBudget },
    handle: async ({ setBudget }, { caller, path, body }) => {
      const draft = {
        name: path.budget,
        scope: body.scope ?? 'tenant',
        subject: body.subject ?? '',
        limitMicrocredits: BigInt(body.limitMicrocredits),
        period: body.period,
        mode: body.mode ?? 'hard',
        alertPercents: body.alertPercents ?? limits.budgetAlertPercentsDefault,
        burnRateFactor: body.burnRateFactor ?? null,
      };
      return statusAnswer(await setBudget(caller, draft));
    },
  }),
  endpoint({
    id: 'unsetBudget',
    method: 'DELETE',
    path,
    operation: 'budget.change',
    summary: 'Remove a budget of the tenant, and forget what it was charged',
    errors: ['budgets.unknown'],
    uses: { unsetBudget },
    handle: ({ unsetBudget }, { caller, path }) => unsetBudget(caller, path.budget),
  }),
];
