import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { AdmissionWish } from '../../modules/instances/index.ts';
import { endpoint } from './endpoint.ts';
import {
  changeSchema,
  eventAnswer,
  heartbeatSchema,
  instanceAnswer,
  instanceEventSchema,
  instanceSchema,
  leaseSchema,
  registrationSchema,
  servingSchema,
} from './instance-schemas.ts';
import { closed, noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from './page-schemas.ts';

const agentPath = '/tenants/{tenant}/agents/{agent}';
const instancePath = `${agentPath}/instances/{instance}` as const;
const placeErrors = [
  'egress.refused',
  'registry.agent-unknown',
  'registry.credential-bound',
  'registry.instance-exists',
  'registry.instances-too-many',
  'registry.interface-unsupported',
] as const;

function placeOf(body: Static<typeof registrationSchema> | Static<typeof servingSchema>) {
  const { url, protocolBinding = 'JSONRPC', protocolVersion = '1.0' } = body;
  const { routingTag = null, version = null, region = null, slotsMax = null } = body;
  return { url, protocolBinding, protocolVersion, routingTag, version, region, slotsMax };
}

const reason = Type.String({ minLength: 1, maxLength: 500, description: 'Why, for people; kept in the audit log.' });

const admission = (
  wish: AdmissionWish,
  declared: {
    readonly id: string;
    readonly method: 'PUT' | 'DELETE';
    readonly path: 'drain' | 'quarantine';
    readonly summary: string;
  },
) =>
  endpoint({
    id: declared.id,
    method: declared.method,
    path: `${instancePath}/${declared.path}`,
    operation: declared.path === 'drain' ? 'instance.change' : 'instance.quarantine',
    summary: declared.summary,
    query: noQuery,
    body: declared.method === 'DELETE' ? null : bodyOf(declared.path),
    answer: instanceSchema,
    status: 200,
    errors: [
      'registry.instance-unknown',
      ...(declared.path === 'drain' ? (['registry.instance-quarantined'] as const) : []),
    ],
    handle: async (useCases, { caller, path, body }) => {
      const name = { agentName: path.agent, instanceId: path.instance };
      return instanceAnswer(await useCases.admitInstance(caller, name, wish, body?.reason ?? null));
    },
  });

function bodyOf(path: 'drain' | 'quarantine') {
  return Type.Object({ reason: path === 'drain' ? Type.Optional(reason) : reason }, closed);
}

export const instanceEndpoints = [
  endpoint({
    id: 'registerInstance',
    method: 'POST',
    path: `${agentPath}/instances`,
    operation: 'instance.register',
    summary: 'Register an instance of an agent; it stays until it is removed',
    query: noQuery,
    body: registrationSchema,
    answer: instanceSchema,
    status: 201,
    errors: placeErrors,
    handle: async (useCases, { caller, path, body }) => {
      const input = { ...placeOf(body), weight: body.weight ?? null };
      const instanceId = await useCases.registerInstance(caller, path.agent, input);
      return instanceAnswer(await useCases.getInstance(caller, path.agent, instanceId));
    },
  }),
  endpoint({
    id: 'serveInstance',
    method: 'POST',
    path: `${agentPath}/leased-instances`,
    operation: 'instance.serve',
    summary: 'Register the instance that asks: it is there for as long as it sends heartbeats',
    query: noQuery,
    body: servingSchema,
    answer: instanceSchema,
    status: 201,
    errors: placeErrors,
    handle: async (useCases, { caller, path, body }) => {
      const input = { ...placeOf(body), leaseMs: body.leaseMs ?? limits.instanceLeaseMs };
      const instanceId = await useCases.serveInstance(caller, path.agent, input);
      return instanceAnswer(await useCases.getInstance(caller, path.agent, instanceId));
    },
  }),
  endpoint({
    id: 'renewInstance',
    method: 'PUT',
    path: `${agentPath}/leased-instances/{instance}/heartbeat`,
    operation: 'instance.serve',
    summary: 'Renew the lease of an instance that the caller registered, and say how it is',
    query: noQuery,
    body: heartbeatSchema,
    answer: leaseSchema,
    status: 200,
    errors: ['registry.instance-unknown'],
    handle: async (useCases, { caller, path, body }) => {
      const dependencies = (body.dependencies ?? []).map(({ name, state, reason: why, required }) => {
        return { name, state, reason: why ?? null, isRequired: required ?? false };
      });
      const name = { agentName: path.agent, instanceId: path.instance };
      const heartbeat = { state: body.state ?? 'healthy', reason: body.reason ?? null, dependencies };
      const { leaseMs, until, admission: state } = await useCases.renewInstance(caller, name, heartbeat);
      return { leaseMs, leaseUntil: until.toISOString(), admission: state };
    },
  }),
  endpoint({
    id: 'leaveInstance',
    method: 'DELETE',
    path: `${agentPath}/leased-instances/{instance}`,
    operation: 'instance.serve',
    summary: 'Take out an instance that the caller registered: it gets nothing new, and what it works on goes on',
    query: noQuery,
    body: null,
    answer: null,
    status: 204,
    errors: ['registry.instance-unknown'],
    handle: async (useCases, { caller, path }) => {
      await useCases.leaveInstance(caller, { agentName: path.agent, instanceId: path.instance });
      return null;
    },
  }),
  endpoint({
    id: 'listInstances',
    method: 'GET',
    path: `${agentPath}/instances`,
    operation: 'instance.list',
    summary: 'List the instances of an agent, oldest first',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(instanceSchema),
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, path, query }) =>
      pageAnswer(await useCases.listInstances(caller, path.agent, pageRequestOf(query)), instanceAnswer),
  }),
  endpoint({
    id: 'getInstance',
    method: 'GET',
    path: instancePath,
    operation: 'instance.list',
    summary: 'Get one instance of an agent',
    query: noQuery,
    body: null,
    answer: instanceSchema,
    status: 200,
    errors: ['registry.instance-unknown'],
    handle: async (useCases, { caller, path }) =>
      instanceAnswer(await useCases.getInstance(caller, path.agent, path.instance)),
  }),
  endpoint({
    id: 'changeInstance',
    method: 'PUT',
    path: instancePath,
    operation: 'instance.change',
    summary: 'Change the weight, version, region or slots of an instance',
    query: noQuery,
    body: changeSchema,
    answer: instanceSchema,
    status: 200,
    errors: ['registry.instance-unknown'],
    handle: async (useCases, { caller, path, body }) => {
      const name = { agentName: path.agent, instanceId: path.instance };
      return instanceAnswer(await useCases.changeInstance(caller, name, body));
    },
  }),
  endpoint({
    id: 'removeInstance',
    method: 'DELETE',
    path: instancePath,
    operation: 'instance.change',
    summary: 'Take an instance out, whoever placed it: it gets nothing new, and what it works on goes on',
    query: noQuery,
    body: null,
    answer: null,
    status: 204,
    errors: ['registry.instance-unknown'],
    handle: async (useCases, { caller, path }) => {
      await useCases.removeInstance(caller, { agentName: path.agent, instanceId: path.instance });
      return null;
    },
  }),
  admission('drain', {
    id: 'drainInstance',
    method: 'PUT',
    path: 'drain',
    summary: 'Give an instance no new tasks; those that it works on go on',
  }),
  admission('undrain', {
    id: 'undrainInstance',
    method: 'DELETE',
    path: 'drain',
    summary: 'Give a drained instance new tasks again',
  }),
  admission('quarantine', {
    id: 'quarantineInstance',
    method: 'PUT',
    path: 'quarantine',
    summary: 'Give an instance no new tasks until somebody lets it out; those that it works on go on',
  }),
  admission('release', {
    id: 'releaseInstance',
    method: 'DELETE',
    path: 'quarantine',
    summary: 'Let an instance out of quarantine',
  }),
  endpoint({
    id: 'listInstanceEvents',
    method: 'GET',
    path: `${instancePath}/events`,
    operation: 'instance.list',
    summary: 'List what became of an instance, newest first',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(instanceEventSchema),
    status: 200,
    errors: ['registry.instance-unknown'],
    handle: async (useCases, { caller, path, query }) => {
      const page = pageRequestOf(query);
      return pageAnswer(await useCases.listInstanceEvents(caller, path.agent, path.instance, page), eventAnswer);
    },
  }),
];
