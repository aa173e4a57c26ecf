import { endpoint } from './endpoint.ts';
import {
  agentHealthAnswer,
  agentHealthSchema,
  policyAnswer,
  policyInForceSchema,
  policySchema,
} from './instance-schemas.ts';
import { noQuery } from './page-schemas.ts';

const agentPath = '/tenants/{tenant}/agents/{agent}';

export const healthEndpoints = [
  endpoint({
    id: 'getAgentHealth',
    method: 'GET',
    path: `${agentPath}/health`,
    operation: 'agent.health',
    summary: 'Get how well an agent is, in sum and instance by instance',
    query: noQuery,
    body: null,
    answer: agentHealthSchema,
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, path }) => agentHealthAnswer(await useCases.readAgentHealth(caller, path.agent)),
  }),
  endpoint({
    id: 'getProbePolicy',
    method: 'GET',
    path: `${agentPath}/probe`,
    operation: 'probe.read',
    summary: 'Get how the instances of an agent are probed',
    query: noQuery,
    body: null,
    answer: policyInForceSchema,
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, path }) => policyAnswer(await useCases.readProbePolicy(caller, path.agent)),
  }),
  endpoint({
    id: 'setProbePolicy',
    method: 'PUT',
    path: `${agentPath}/probe`,
    operation: 'probe.change',
    summary: 'Set how the instances of an agent are probed',
    query: noQuery,
    body: policySchema,
    answer: policyInForceSchema,
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, path, body }) => {
      const policy = { ...body, path: body.path ?? null };
      return policyAnswer(await useCases.changeProbePolicy(caller, path.agent, policy));
    },
  }),
  endpoint({
    id: 'unsetProbePolicy',
    method: 'DELETE',
    path: `${agentPath}/probe`,
    operation: 'probe.change',
    summary: 'Probe the instances of an agent as the platform does by default',
    query: noQuery,
    body: null,
    answer: policyInForceSchema,
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, path }) =>
      policyAnswer(await useCases.changeProbePolicy(caller, path.agent, null)),
  }),
];
