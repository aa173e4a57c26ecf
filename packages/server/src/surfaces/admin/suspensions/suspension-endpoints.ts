import { Type } from 'typebox';
import type { Static } from 'typebox';
import { liftStop, listStops, setStop } from '../../../modules/access/index.ts';
import type { Stop } from '../../../modules/access/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const reason = Type.String({ minLength: 1, maxLength: 500, description: 'Why, for people; kept in the audit log.' });

const stopSchema = component(
  'Stop',
  Type.Object(
    {
      kind: Type.String({ description: '`agent`, `principal` or `tenant`.' }),
      name: Type.Optional(
        Type.String({ description: 'Name of the agent or id of the principal; absent for the tenant.' }),
      ),
      reason,
      stoppedBy: Type.String({ description: 'Id of the principal that stopped it.' }),
      stoppedAt: time('Since when it is stopped.'),
    },
    closed,
  ),
);

const answerOf = ({ kind, name, reason: why, stoppedBy, stoppedAt }: Stop): Static<typeof stopSchema> => ({
  kind,
  ...(name === '' ? {} : { name }),
  reason: why,
  stoppedBy,
  stoppedAt: stoppedAt.toISOString(),
});

const stopping = {
  method: 'PUT',
  body: Type.Object({ reason }, closed),
  answer: stopSchema,
  uses: { setStop },
} as const;

const resuming = { method: 'DELETE', errors: ['access.stop-unknown'], uses: { liftStop } } as const;

export const suspensionEndpoints = [
  endpoint({
    ...stopping,
    id: 'stopAgent',
    path: '/tenants/{tenant}/agents/{agent}/stop',
    operation: 'agent.stop',
    summary: 'Stop an agent: it gets no messages, and its tasks are canceled',
    errors: ['registry.agent-unknown'],
    handle: async ({ setStop }, { caller, path, body }) =>
      answerOf(await setStop(caller, { kind: 'agent', name: path.agent }, body.reason)),
  }),
  endpoint({
    ...resuming,
    id: 'resumeAgent',
    path: '/tenants/{tenant}/agents/{agent}/stop',
    operation: 'agent.resume',
    summary: 'Let a stopped agent get messages again',
    handle: ({ liftStop }, { caller, path }) => liftStop(caller, { kind: 'agent', name: path.agent }),
  }),
  endpoint({
    ...stopping,
    id: 'stopPrincipal',
    path: '/tenants/{tenant}/principals/{principal}/stop',
    operation: 'principal.stop',
    summary: 'Stop a client or any other principal: it is let in no more, and its tasks are canceled',
    errors: ['access.client-unknown'],
    handle: async ({ setStop }, { caller, path, body }) =>
      answerOf(await setStop(caller, { kind: 'principal', name: path.principal }, body.reason)),
  }),
  endpoint({
    ...resuming,
    id: 'resumePrincipal',
    path: '/tenants/{tenant}/principals/{principal}/stop',
    operation: 'principal.resume',
    summary: 'Let a stopped principal in again',
    handle: ({ liftStop }, { caller, path }) => liftStop(caller, { kind: 'principal', name: path.principal }),
  }),
  endpoint({
    ...stopping,
    id: 'stopTenant',
    path: '/tenants/{tenant}/stop',
    operation: 'tenant.stop',
    summary: 'Stop a tenant: nobody of it is let in, and all of its tasks are canceled',
    handle: async ({ setStop }, { caller, body }) =>
      answerOf(await setStop(caller, { kind: 'tenant', name: '' }, body.reason)),
  }),
  endpoint({
    ...resuming,
    id: 'resumeTenant',
    path: '/tenants/{tenant}/stop',
    operation: 'tenant.resume',
    summary: 'Let a stopped tenant in again',
    handle: ({ liftStop }, { caller }) => liftStop(caller, { kind: 'tenant', name: '' }),
  }),
  endpoint({
    id: 'listStops',
    method: 'GET',
    path: '/tenants/{tenant}/stops',
    operation: 'stop.list',
    summary: 'List what is stopped in the tenant, and why',
    query: pageQuery,
    answer: pageOfSchema(stopSchema),
    uses: { listStops },
    handle: async ({ listStops }, { caller, query }) =>
      pageAnswer(await listStops(caller, pageRequestOf(query)), answerOf),
  }),
];
