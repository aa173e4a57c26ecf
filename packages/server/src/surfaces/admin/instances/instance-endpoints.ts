import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import {
  admitInstance,
  registerInstance,
  getInstance,
  serveInstance,
  renewInstance,
  leaveInstance,
  listInstances,
  changeInstance,
  removeInstance,
  listInstanceEvents,
  readAgentHealth,
  readProbePolicy,
  changeProbePolicy,
} from '../../../modules/instances/index.ts';
import type { AdmissionRequest } from '../../../modules/instances/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from '../page-schemas.ts';
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
  agentHealthAnswer,
  agentHealthSchema,
  policyAnswer,
  policyInForceSchema,
  policySchema,
} from './instance-schemas.ts';

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
  request: AdmissionRequest,
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
    body: declared.method === 'DELETE' ? null : bodyOf(declared.path),
    answer: instanceSchema,
    errors: [
      'registry.instance-unknown',
      ...(declared.path === 'drain' ? (['registry.instance-quarantined'] as const) : []),
    ],
    uses: { admitInstance },
    handle: async ({ admitInstance }, { caller, path, body }) => {
      const name = { agentName: path.agent, instanceId: path.instance };
      return instanceAnswer(await admitInstance(caller, name, request, body?.reason ?? null));
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
    body: registrationSchema,
    answer: instanceSchema,
    status: 201,
    errors: placeErrors,
    uses: { registerInstance, getInstance },
    handle: async ({ registerInstance, getInstance }, { caller, path, body }) => {
      const input = { ...placeOf(body), weight: body.weight ?? null };
      const instanceId = await registerInstance(caller, path.agent, input);
      return instanceAnswer(await getInstance(caller, path.agent, instanceId));
    },
  }),
  endpoint({
    id: 'serveInstance',
    method: 'POST',
    path: `${agentPath}/leased-instances`,
    operation: 'instance.serve',
    summary: 'Register the instance that asks: it is there for as long as it sends heartbeats',
    body: servingSchema,
    answer: instanceSchema,
    status: 201,
    errors: placeErrors,
    uses: { serveInstance, getInstance },
    handle: async ({ serveInstance, getInstance }, { caller, path, body }) => {
      const input = { ...placeOf(body), leaseMs: body.leaseMs ?? limits.instanceLeaseMs };
      const instanceId = await serveInstance(caller, path.agent, input);
      return instanceAnswer(await getInstance(caller, path.agent, instanceId));
    },
  }),
  endpoint({
    id: 'renewInstance',
    method: 'PUT',
    path: `${agentPath}/leased-instances/{instance}/heartbeat`,
    operation: 'instance.serve',
    summary: 'Renew the lease of an instance that the caller registered, and say how it is',
    body: heartbeatSchema,
    answer: leaseSchema,
    errors: ['registry.instance-unknown'],
    uses: { renewInstance },
    handle: async ({ renewInstance }, { caller, path, body }) => {
      const dependencies = (body.dependencies ?? []).map(({ name, state, reason: why, required }) => {
        return { name, state, reason: why ?? null, isRequired: required ?? false };
      });
      const name = { agentName: path.agent, instanceId: path.instance };
      const heartbeat = { state: body.state ?? 'healthy', reason: body.reason ?? null, dependencies };
      const { leaseMs, until, admission: state } = await renewInstance(caller, name, heartbeat);
      return { leaseMs, leaseUntil: until.toISOString(), admission: state };
    },
  }),
  endpoint({
    id: 'leaveInstance',
    method: 'DELETE',
    path: `${agentPath}/leased-instances/{instance}`,
    operation: 'instance.serve',
    summary: 'Take out an instance that the caller registered: it gets nothing new, and what it works on goes on',
    errors: ['registry.instance-unknown'],
    uses: { leaveInstance },
    handle: ({ leaveInstance }, { caller, path }) =>
      leaveInstance(caller, { agentName: path.agent, instanceId: path.instance }),
  }),
  endpoint({
    id: 'listInstances',
    method: 'GET',
    path: `${agentPath}/instances`,
    operation: 'instance.list',
    summary: 'List the instances of an agent, oldest first',
    query: pageQuery,
    answer: pageOfSchema(instanceSchema),
    errors: ['registry.agent-unknown'],
    uses: { listInstances },
    handle: async ({ listInstances }, { caller, path, query }) =>
      pageAnswer(await listInstances(caller, path.agent, pageRequestOf(query)), instanceAnswer),
  }),
  endpoint({
    id: 'getInstance',
    method: 'GET',
    path: instancePath,
    operation: 'instance.list',
    summary: 'Get one instance of an agent',
    answer: instanceSchema,
    errors: ['registry.instance-unknown'],
    uses: { getInstance },
    handle: async ({ getInstance }, { caller, path }) =>
      instanceAnswer(await getInstance(caller, path.agent, path.instance)),
  }),
  endpoint({
    id: 'changeInstance',
    method: 'PUT',
    path: instancePath,
    operation: 'instance.change',
    summary: 'Change the weight, version, region or slots of an instance',
    body: changeSchema,
    answer: instanceSchema,
    errors: ['registry.instance-unknown'],
    uses: { changeInstance },
    handle: async ({ changeInstance }, { caller, path, body }) => {
      const name = { agentName: path.agent, instanceId: path.instance };
      return instanceAnswer(await changeInstance(caller, name, body));
    },
  }),
  endpoint({
    id: 'removeInstance',
    method: 'DELETE',
    path: instancePath,
    operation: 'instance.change',
    summary:
      'Take an instance out, also one that another principal placed: it gets no new tasks, and those that it works on go on',
    errors: ['registry.instance-unknown'],
    uses: { removeInstance },
    handle: ({ removeInstance }, { caller, path }) =>
      removeInstance(caller, { agentName: path.agent, instanceId: path.instance }),
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
    summary: 'Give an instance no new tasks until an operator ends the quarantine; those that it works on go on',
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
    answer: pageOfSchema(instanceEventSchema),
    errors: ['registry.instance-unknown'],
    uses: { listInstanceEvents },
    handle: async ({ listInstanceEvents }, { caller, path, query }) => {
      const page = pageRequestOf(query);
      return pageAnswer(await listInstanceEvents(caller, path.agent, path.instance, page), eventAnswer);
    },
  }),
  endpoint({
    id: 'getAgentHealth',
    method: 'GET',
    path: `${agentPath}/health`,
    operation: 'agent.health',
    summary: 'Get how well an agent is, in sum and instance by instance',
    answer: agentHealthSchema,
    errors: ['registry.agent-unknown'],
    uses: { readAgentHealth },
    handle: async ({ readAgentHealth }, { caller, path }) =>
      agentHealthAnswer(await readAgentHealth(caller, path.agent)),
  }),
  endpoint({
    id: 'getProbePolicy',
    method: 'GET',
    path: `${agentPath}/probe`,
    operation: 'probe.read',
    summary: 'Get how the instances of an agent are probed',
    answer: policyInForceSchema,
    errors: ['registry.agent-unknown'],
    uses: { readProbePolicy },
    handle: async ({ readProbePolicy }, { caller, path }) => policyAnswer(await readProbePolicy(caller, path.agent)),
  }),
  endpoint({
    id: 'setProbePolicy',
    method: 'PUT',
    path: `${agentPath}/probe`,
    operation: 'probe.change',
    summary: 'Set how the instances of an agent are probed',
    body: policySchema,
    answer: policyInForceSchema,
    errors: ['registry.agent-unknown'],
    uses: { changeProbePolicy },
    handle: async ({ changeProbePolicy }, { caller, path, body }) => {
      const policy = { ...body, path: body.path ?? null };
      return policyAnswer(await changeProbePolicy(caller, path.agent, policy));
    },
  }),
  endpoint({
    id: 'unsetProbePolicy',
    method: 'DELETE',
    path: `${agentPath}/probe`,
    operation: 'probe.change',
    summary: 'Probe the instances of an agent as the platform does by default',
    answer: policyInForceSchema,
    errors: ['registry.agent-unknown'],
    uses: { changeProbePolicy },
    handle: async ({ changeProbePolicy }, { caller, path }) =>
      policyAnswer(await changeProbePolicy(caller, path.agent, null)),
  }),
];
