import type { Static } from 'typebox';
import { PlatformError } from '../../kernel/errors.ts';
import type { RegisterAgentInput } from '../../modules/registry/index.ts';
import { registerAgent, listAgents, getAgent, deregisterAgent } from '../../modules/registry/index.ts';
import { agentAnswer } from './agent-answer.ts';
import { agentSchema, registrationSchema } from './agent-schemas.ts';
import { cardOriginOf } from './card-input.ts';
import { endpoint } from './endpoint.ts';
import { pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from './page-schemas.ts';

type Registration = Static<typeof registrationSchema>;

function inputOf(body: Registration): RegisterAgentInput {
  const { name, priceMicrocredits: price, idempotent, taskMsMax, cardVisibility, credential } = body;
  return {
    name,
    source: sourceOf(body),
    priceMicrocredits: price === undefined ? null : BigInt(price),
    idempotent: idempotent ?? null,
    taskMsMax: taskMsMax ?? null,
    cardVisibility: cardVisibility ?? null,
    credential: credential === undefined ? null : { ...credential, header: credential.header ?? null },
    cardPolicy: { signatures: body.cardSignatures ?? null, approval: body.cardApproval ?? null },
    extendedSkillIds: body.extendedSkillIds ?? [],
    profile: body.profile ?? null,
  };
}

function sourceOf(body: Registration): RegisterAgentInput['source'] {
  const origin = cardOriginOf(body);
  if (origin !== null) return origin;
  const violations = [{ field: 'card', description: 'exactly one of card and cardUrl must be given' }];
  throw new PlatformError('request.invalid', { violations });
}

export const agentEndpoints = [
  endpoint({
    id: 'registerAgent',
    method: 'POST',
    path: '/tenants/{tenant}/agents',
    operation: 'agent.register',
    summary: 'Register an agent by its card or by the address of its card',
    body: registrationSchema,
    answer: agentSchema,
    status: 201,
    errors: [
      'egress.refused',
      'registry.agent-exists',
      'registry.card-invalid',
      'registry.card-signature-invalid',
      'registry.card-signature-required',
      'registry.card-unreachable',
      'registry.interface-unsupported',
    ],
    uses: { registerAgent },
    handle: async ({ registerAgent }, call) => agentAnswer(call)(await registerAgent(call.caller, inputOf(call.body))),
  }),
  endpoint({
    id: 'listAgents',
    method: 'GET',
    path: '/tenants/{tenant}/agents',
    operation: 'agent.list',
    summary: 'List the agents of the tenant in the order of their names',
    query: pageQuery,
    answer: pageOfSchema(agentSchema),
    isTagged: true,
    uses: { listAgents },
    handle: async ({ listAgents }, call) =>
      pageAnswer(await listAgents(call.caller, pageRequestOf(call.query)), agentAnswer(call)),
  }),
  endpoint({
    id: 'getAgent',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}',
    operation: 'agent.get',
    summary: 'Get one agent of the tenant',
    answer: agentSchema,
    errors: ['registry.agent-unknown'],
    isTagged: true,
    uses: { getAgent },
    handle: async ({ getAgent }, call) => agentAnswer(call)(await getAgent(call.caller, call.path.agent)),
  }),
  endpoint({
    id: 'deregisterAgent',
    method: 'DELETE',
    path: '/tenants/{tenant}/agents/{agent}',
    operation: 'agent.deregister',
    summary: 'Take an agent out of service; its open tasks go on and its name is free',
    errors: ['registry.agent-unknown'],
    uses: { deregisterAgent },
    handle: ({ deregisterAgent }, { caller, path }) => deregisterAgent(caller, path.agent),
  }),
];
