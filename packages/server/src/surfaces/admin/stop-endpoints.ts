import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Caller } from '../../kernel/caller.ts';
import type { Stop, StopTarget } from '../../modules/access/index.ts';
import { endpoint } from './endpoint.ts';
import { closed, noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from './page-schemas.ts';
import type { AdminUseCases } from './use-cases.ts';

const reason = Type.String({ minLength: 1, maxLength: 500, description: 'Why, for people; kept in the audit log.' });

export const stopSchema = Type.Object(
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
  query: noQuery,
  body: Type.Object({ reason }, closed),
  answer: stopSchema,
  status: 200,
} as const;

const resuming = { method: 'DELETE', query: noQuery, body: null, answer: null, status: 204 } as const;

const stop = async (useCases: AdminUseCases, caller: Caller, target: StopTarget, why: string) =>
  answerOf(await useCases.setStop(caller, target, why));

async function resume(useCases: AdminUseCases, caller: Caller, target: StopTarget): Promise<null> {
  await useCases.liftStop(caller, target);
  return null;
}

export const stopEndpoints = [
  endpoint({
    ...stopping,
    id: 'stopAgent',
    path: '/tenants/{tenant}/agents/{agent}/stop',
    operation: 'agent.stop',
    summary: 'Stop an agent: it gets no messages, and its tasks are canceled',
    errors: ['registry.agent-unknown'],
    handle: (useCases, { caller, path, body }) =>
      stop(useCases, caller, { kind: 'agent', name: path.agent }, body.reason),
  }),
  endpoint({
    ...resuming,
    id: 'resumeAgent',
    path: '/tenants/{tenant}/agents/{agent}/stop',
    operation: 'agent.resume',
    summary: 'Let a stopped agent get messages again',
    errors: ['access.stop-unknown'],
    handle: (useCases, { caller, path }) => resume(useCases, caller, { kind: 'agent', name: path.agent }),
  }),
  endpoint({
    ...stopping,
    id: 'stopPrincipal',
    path: '/tenants/{tenant}/principals/{principal}/stop',
    operation: 'principal.stop',
    summary: 'Stop a client or any other principal: it is let in no more, and its tasks are canceled',
    errors: ['access.client-unknown'],
    handle: (useCases, { caller, path, body }) =>
      stop(useCases, caller, { kind: 'principal', name: path.principal }, body.reason),
  }),
  endpoint({
    ...resuming,
    id: 'resumePrincipal',
    path: '/tenants/{tenant}/principals/{principal}/stop',
    operation: 'principal.resume',
    summary: 'Let a stopped principal in again',
    errors: ['access.stop-unknown'],
    handle: (useCases, { caller, path }) => resume(useCases, caller, { kind: 'principal', name: path.principal }),
  }),
  endpoint({
    ...stopping,
    id: 'stopTenant',
    path: '/tenants/{tenant}/stop',
    operation: 'tenant.stop',
    summary: 'Stop a tenant: nobody of it is let in, and all of its tasks are canceled',
    errors: [],
    handle: (useCases, { caller, body }) => stop(useCases, caller, { kind: 'tenant', name: '' }, body.reason),
  }),
  endpoint({
    ...resuming,
    id: 'resumeTenant',
    path: '/tenants/{tenant}/stop',
    operation: 'tenant.resume',
    summary: 'Let a stopped tenant in again',
    errors: ['access.stop-unknown'],
    handle: (useCases, { caller }) => resume(useCases, caller, { kind: 'tenant', name: '' }),
  }),
  endpoint({
    id: 'listStops',
    method: 'GET',
    path: '/tenants/{tenant}/stops',
    operation: 'stop.list',
    summary: 'List what is stopped in the tenant, and why',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(stopSchema),
    status: 200,
    errors: [],
    handle: async (useCases, { caller, query }) =>
      pageAnswer(await useCases.listStops(caller, pageRequestOf(query)), answerOf),
  }),
];
