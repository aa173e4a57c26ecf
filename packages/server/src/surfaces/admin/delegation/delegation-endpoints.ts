import { Type } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { readDelegationDepth, setDelegationDepth } from '../../../modules/tasks/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed } from '../page-schemas.ts';

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
    answer: rule,
    uses: { readDelegationDepth },
    handle: async ({ readDelegationDepth }, { caller }) => ({ depthMax: await readDelegationDepth(caller) }),
  }),
  endpoint({
    id: 'setDelegationRule',
    method: 'PUT',
    path: '/tenants/{tenant}/delegation',
    operation: 'delegation.change',
    summary: "Set how deep the tenant's chains of tasks may be",
    body: rule,
    answer: rule,
    uses: { setDelegationDepth },
    handle: async ({ setDelegationDepth }, { caller, body }) => ({
      depthMax: await setDelegationDepth(caller, body.depthMax),
    }),
  }),
];
