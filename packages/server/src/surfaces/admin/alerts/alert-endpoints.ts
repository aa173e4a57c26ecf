import { Type } from 'typebox';
import type { Static } from 'typebox';
import { alertKinds, listAlerts } from '../../../modules/alerts/index.ts';
import type { CreditAlert } from '../../../modules/alerts/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageFields, pageOfSchema, pageRequestOf, time } from '../page-schemas.ts';

const kind = Type.Enum([...alertKinds]);

const alertSchema = component(
  'CreditAlert',
  Type.Object(
    {
      alertId: Type.String({ description: 'Stable; also in the data of its event, but of drift.' }),
      kind,
      budget: Type.Optional(Type.String({ description: 'Name of the budget; absent for an alert about the wallet.' })),
      facts: Type.Record(Type.String(), Type.Unknown(), {
        description: 'The figures of the alert, as in the data of its event.',
      }),
      raisedAt: time('When it was raised.'),
    },
    closed,
  ),
);

const answerOf = ({ budgetName, raisedAt, ...alert }: CreditAlert): Static<typeof alertSchema> => ({
  ...alert,
  ...(budgetName === null ? {} : { budget: budgetName }),
  raisedAt: raisedAt.toISOString(),
});

export const alertEndpoints = [
  endpoint({
    id: 'listAlerts',
    method: 'GET',
    path: '/tenants/{tenant}/credits/alerts',
    operation: 'alert.list',
    summary: 'List the alerts about the credits of the tenant, newest first',
    query: Type.Object({ ...pageFields, kind: Type.Optional(kind) }, closed),
    answer: pageOfSchema(alertSchema),
    uses: { listAlerts },
    handle: async ({ listAlerts }, { caller, query }) =>
      pageAnswer(await listAlerts(caller, { ...pageRequestOf(query), kind: query.kind ?? null }), answerOf),
  }),
];
