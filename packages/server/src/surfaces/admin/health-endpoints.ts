import { readAgentHealth, readProbePolicy, changeProbePolicy } from '../../modules/instances/index.ts';
import { endpoint } from './endpoint.ts';
import {
  agentHealthAnswer,
  agentHealthSchema,
  policyAnswer,
  policyInForceSchema,
  policySchema,
} from './instance-schemas.ts';

const agentPath = '/tenants/{tenant}/agents/{agent}';

export const healthEndpoints = [
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
