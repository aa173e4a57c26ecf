import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { setLimit, unsetLimit, listLimits } from '../../../modules/limits/index.ts';
import type { LimitSubject, LimitSettings, SetLimit } from '../../../modules/limits/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const { requestsPerSecondMax, quotaSendsMax } = limits;
const sends = (period: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: quotaSendsMax,
      description: `Messages sent in one ${period}, by the calendar in UTC.`,
    }),
  );
const settings = {
  requestsPerSecond: Type.Optional(
    Type.Number({
      minimum: 0.001,
      maximum: requestsPerSecondMax,
      description: 'Requests a second over time; of an agent, messages sent to it.',
    }),
  ),
  burstRequests: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: requestsPerSecondMax,
      description: 'Requests at once; without it, those of one second.',
    }),
  ),
  sendsPerDay: sends('day'),
  sendsPerMonth: sends('month'),
};

const limitSettingsSchema = Type.Object(settings, {
  ...closed,
  description: 'Replaces what was set; what is left out is as it is above.',
});

const limitSchema = Type.Object(
  {
    subject: Type.Union([Type.Literal('tenant'), Type.Literal('client'), Type.Literal('agent')]),
    id: Type.Optional(Type.String({ description: 'Id of the client, or name of the agent.' })),
    ...settings,
    changedBy: Type.String({ description: 'Id of the principal that set it.' }),
    changedAt: time('When it was set.'),
  },
  closed,
);

function settingsOf(body: Static<typeof limitSettingsSchema>): LimitSettings {
  return {
    requestsPerSecond: body.requestsPerSecond ?? null,
    burstRequests: body.burstRequests ?? null,
    sendsPerDay: body.sendsPerDay ?? null,
    sendsPerMonth: body.sendsPerMonth ?? null,
  };
}

function shown(limit: LimitSettings): Static<typeof limitSettingsSchema> {
  const { requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth } = limit;
  return {
    ...(requestsPerSecond === null ? {} : { requestsPerSecond }),
    ...(burstRequests === null ? {} : { burstRequests }),
    ...(sendsPerDay === null ? {} : { sendsPerDay }),
    ...(sendsPerMonth === null ? {} : { sendsPerMonth }),
  };
}

function answerOf(limit: SetLimit): Static<typeof limitSchema> {
  const { kind, id } = limit.subject;
  return {
    subject: kind,
    ...(kind === 'tenant' ? {} : { id }),
    ...shown(limit),
    changedBy: limit.changedBy,
    changedAt: limit.changedAt.toISOString(),
  };
}

/** The two endpoints of one kind of subject. */
function changes<Path extends string>(
  path: Path,
  kind: LimitSubject['kind'],
  { idOf, whose }: { idOf: (path: Readonly<Record<string, string>>) => string; whose: string },
) {
  const name = kind === 'tenant' ? 'Tenant' : kind === 'client' ? 'Client' : 'Agent';
  const operation = kind === 'tenant' ? ('tenant-limit.change' as const) : ('limit.change' as const);
  const missing = { tenant: [], client: ['access.client-unknown'], agent: ['registry.agent-unknown'] } as const;
  return [
    endpoint({
      id: `set${name}Limit`,
      method: 'PUT',
      path,
      operation,
      summary: `Set how fast and how much ${whose} may ask, from now on`,
      body: limitSettingsSchema,
      answer: limitSettingsSchema,
      errors: [...missing[kind], 'limits.too-many'],
      uses: { setLimit },
      handle: async ({ setLimit }, { caller, path: named, body }) =>
        shown(await setLimit(caller, { kind, id: idOf(named) }, settingsOf(body))),
    }),
    endpoint({
      id: `unset${name}Limit`,
      method: 'DELETE',
      path,
      operation,
      summary: `Take back the limit that was set for ${whose}`,
      errors: ['limits.unknown'],
      uses: { unsetLimit },
      handle: ({ unsetLimit }, { caller, path: named }) => unsetLimit(caller, { kind, id: idOf(named) }),
    }),
  ];
}

export const limitEndpoints = [
  endpoint({
    id: 'listLimits',
    method: 'GET',
    path: '/tenants/{tenant}/limits',
    operation: 'limit.list',
    summary: 'List the limits that were set in the tenant: of agents, of clients, and its own',
    query: pageQuery,
    answer: pageOfSchema(limitSchema),
    uses: { listLimits },
    handle: async ({ listLimits }, { caller, query }) =>
      pageAnswer(await listLimits(caller, pageRequestOf(query)), answerOf),
  }),
  ...changes('/tenants/{tenant}/limit', 'tenant', { idOf: () => '', whose: 'the tenant' }),
  ...changes('/tenants/{tenant}/clients/{client}/limit', 'client', {
    idOf: (path) => path['client'] ?? '',
    whose: 'a client',
  }),
  ...changes('/tenants/{tenant}/agents/{agent}/limit', 'agent', {
    idOf: (path) => path['agent'] ?? '',
    whose: 'callers of an agent',
  }),
];
