import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { DecodeError } from '@colloquy/protocol/errors';
import { decodeAnyAgentCard } from '@colloquy/protocol/cards';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import type { Static } from 'typebox';
import { PlatformError } from '../../kernel/errors.ts';
import { agentUrlOf } from '../../modules/registry/index.ts';
import type { RegisterAgentInput, RegisteredAgent } from '../../modules/registry/index.ts';
import { agentSchema, registrationSchema } from './agent-schemas.ts';
import { endpoint } from './endpoint.ts';
import { noQuery, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from './page-schemas.ts';

type Registration = Static<typeof registrationSchema>;

/** How an agent is shown to callers of one tenant. */
const answerFor =
  ({ caller, publicUrl }: { caller: { tenant: { slug: string } }; publicUrl: string }) =>
  (agent: RegisteredAgent): Static<typeof agentSchema> => ({
    name: agent.name,
    agentId: agent.agentId,
    url: agentUrlOf({ publicUrl, tenantSlug: caller.tenant.slug, agentName: agent.name }),
    title: agent.title,
    description: agent.description,
    version: agent.version,
    cardVersion: agent.cardVersion,
    streaming: agent.streaming,
    skillIds: [...agent.skillIds],
    priceMicrocredits: Number(agent.priceMicrocredits),
    idempotent: agent.idempotent,
    taskMsMax: agent.taskMsMax,
    cardVisibility: agent.cardVisibility,
    credentialKind: agent.credentialKind,
    ...(agent.credentialHeader === null ? {} : { credentialHeader: agent.credentialHeader }),
    registeredBy: agent.registeredBy,
    createdAt: agent.createdAt.toISOString(),
  });

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
  };
}

function sourceOf({ card, cardUrl }: Registration): RegisterAgentInput['source'] {
  if (card !== undefined && cardUrl === undefined) return { kind: 'document', card: cardOf(card) };
  if (cardUrl !== undefined && card === undefined) return { kind: 'url', url: cardUrl };
  const violations = [{ field: 'card', description: 'exactly one of card and cardUrl must be given' }];
  throw new PlatformError('request.invalid', { violations });
}

function cardOf(document: JsonObject): AgentCard {
  try {
    return decodeAnyAgentCard(document, defaultDecodeLimits);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new PlatformError('registry.card-invalid', { violations: error.violations });
  }
}

export const agentEndpoints = [
  endpoint({
    id: 'registerAgent',
    method: 'POST',
    path: '/tenants/{tenant}/agents',
    operation: 'agent.register',
    summary: 'Register an agent by its card or by the address of its card',
    query: noQuery,
    body: registrationSchema,
    answer: agentSchema,
    status: 201,
    errors: [
      'egress.refused',
      'registry.agent-exists',
      'registry.card-invalid',
      'registry.card-unreachable',
      'registry.interface-unsupported',
    ],
    handle: async (useCases, call) => answerFor(call)(await useCases.registerAgent(call.caller, inputOf(call.body))),
  }),
  endpoint({
    id: 'listAgents',
    method: 'GET',
    path: '/tenants/{tenant}/agents',
    operation: 'agent.list',
    summary: 'List the agents of the tenant in the order of their names',
    query: pageQuery,
    body: null,
    answer: pageOfSchema(agentSchema),
    status: 200,
    errors: [],
    handle: async (useCases, call) =>
      pageAnswer(await useCases.listAgents(call.caller, pageRequestOf(call.query)), answerFor(call)),
  }),
  endpoint({
    id: 'getAgent',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}',
    operation: 'agent.get',
    summary: 'Get one agent of the tenant',
    query: noQuery,
    body: null,
    answer: agentSchema,
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, call) => answerFor(call)(await useCases.getAgent(call.caller, call.path.agent)),
  }),
  endpoint({
    id: 'deregisterAgent',
    method: 'DELETE',
    path: '/tenants/{tenant}/agents/{agent}',
    operation: 'agent.deregister',
    summary: 'Take an agent out of service; its open tasks go on and its name is free',
    query: noQuery,
    body: null,
    answer: null,
    status: 204,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, path }) => {
      await useCases.deregisterAgent(caller, path.agent);
      return null;
    },
  }),
];
