import { Type } from 'typebox';
import type { Static } from 'typebox';
import { liftSuspension, listSuspensions, suspend } from '../../../modules/access/index.ts';
import type { Suspension } from '../../../modules/access/index.ts';
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
      stoppedBy: Type.String({ description: 'Id of the principal that suspended it.' }),
      stoppedAt: time('Since when it is suspended.'),
    },
    closed,
  ),
);

const answerOf = ({ kind, name, reason: why, suspendedBy, suspendedAt }: Suspension): Static<typeof stopSchema> => ({
  kind,
  ...(name === '' ? {} : { name }),
  reason: why,
  stoppedBy: suspendedBy,
  stoppedAt: suspendedAt.toISOString(),
});

const stopping = {
  method: 'PUT',
  body: Type.Object({ reason }, closed),
  answer: stopSchema,
  uses: { suspend },
} as const;

const resuming = { method: 'DELETE', errors: ['access.stop-unknown'], uses: { liftSuspension } } as const;

export const suspensionEndpoints = [
  endpoint({
    ...stopping,
    id: 'stopAgent',
    path: '/tenants/{tenant}/agents/{agent}/stop',
    operation: 'agent.stop',
    summary: 'Suspend an agent: it gets no messages, and its tasks are canceled',
    errors: ['registry.agent-unknown'],
    handle: async ({ suspend }, { caller, path, body }) =>
      answerOf(await suspend(caller, { kind: 'agent', name: path.agent }, body.reason)),
  }),
  endpoint({
    ...resuming,
    id: 'resumeAgent',
    path: '/tenants/{tenant}/agents/{agent}/stop',
    operation: 'agent.resume',
    summary: 'Let a suspended agent get messages again',
    handle: ({ liftSuspension }, { caller, path }) => liftSuspension(caller, { kind: 'agent', name: path.agent }),
  }),
  endpoint({
    ...stopping,
    id: 'stopPrincipal',
    path: '/tenants/{tenant}/principals/{principal}/stop',
    operation: 'principal.stop',
    summary: 'Suspend a client or any other principal: it is refused, and its tasks are canceled',
    errors: ['access.client-unknown'],
    handle: async ({ suspend }, { caller, path, body }) =>
      answerOf(await suspend(caller, { kind: 'principal', name: path.principal }, body.reason)),
  }),
  endpoint({
    ...resuming,
    id: 'resumePrincipal',
    path: '/tenants/{tenant}/principals/{principal}/stop',
    operation: 'principal.resume',
    summary: 'Let a suspended principal in again',
    handle: ({ liftSuspension }, { caller, path }) =>
      liftSuspension(caller, { kind: 'principal', name: path.principal }),
  }),
  endpoint({
    ...stopping,
    id: 'stopTenant',
    path: '/tenants/{tenant}/stop',
    operation: 'tenant.stop',
    summary: 'Suspend a tenant: its callers are refused, and all of its tasks are canceled',
    handle: async ({ suspend }, { caller, body }) =>
      answerOf(await suspend(caller, { kind: 'tenant', name: '' }, body.reason)),
  }),
  endpoint({
    ...resuming,
    id: 'resumeTenant',
    path: '/tenants/{tenant}/stop',
    operation: 'tenant.resume',
    summary: 'Let a suspended tenant in again',
    handle: ({ liftSuspension }, { caller }) => liftSuspension(caller, { kind: 'tenant', name: '' }),
  }),
  endpoint({
    id: 'listStops',
    method: 'GET',
    path: '/tenants/{tenant}/stops',
    operation: 'stop.list',
    summary: 'List what is suspended in the tenant, and why',
    query: pageQuery,
    answer: pageOfSchema(stopSchema),
    uses: { listSuspensions },
    handle: async ({ listSuspensions }, { caller, query }) =>
      pageAnswer(await listSuspensions(caller, pageRequestOf(query)), answerOf),
  }),
];
