import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { endpoint } from './endpoint.ts';
import { closed, noQuery } from './page-schemas.ts';

const depthMax = Type.Integer({
  minimum: 1,
  maximum: limits.delegationDepthMax,
  description: "Hops that a chain of tasks may have below its first one; without a word of the tenant's, the most.",
});
const rule = Type.Object({ depthMax }, closed);

export const delegationEndpoints = [
  endpoint({
    id: 'readDelegationRule',
    method: 'GET',
    path: '/tenants/{tenant}/delegation',
    operation: 'delegation.read',
    summary: "Read how deep the tenant's chains of tasks may be",
    query: noQuery,
    body: null,
    answer: rule,
    status: 200,
    errors: [],
    handle: async (useCases, { caller }) => ({ depthMax: await useCases.readDelegationDepth(caller) }),
  }),
  endpoint({
    id: 'setDelegationRule',
    method: 'PUT',
    path: '/tenants/{tenant}/delegation',
    operation: 'delegation.change',
    summary: "Set how deep the tenant's chains of tasks may be",
    query: noQuery,
    body: rule,
    answer: rule,
    status: 200,
    errors: [],
    handle: async (useCases, { caller, body }) => ({
      depthMax: await useCases.setDelegationDepth(caller, body.depthMax),
    }),
  }),
];
