import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import {
  registerAgent,
  listAgents,
  getAgent,
  deregisterAgent,
  agentHealths,
  agentStatuses,
  agentTiers,
  searchAgents,
  listSkills,
} from '../../../modules/registry/index.ts';
import type { RegisterAgentInput, AgentSearch } from '../../../modules/registry/index.ts';
import { cardOriginOf } from '../cards/card-schemas.ts';
import { endpoint } from '../endpoint.ts';
import { pageAnswer, pageOfSchema, pageQuery, pageRequestOf, closed, pageFields } from '../page-schemas.ts';
import { agentAnswer, agentSchema, registrationSchema, skillAnswer, skillSchema } from './agent-schemas.ts';

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

const wanted = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: limits.searchCharsMax, description }));

const searchQuery = Type.Object(
  {
    text: wanted('Words of its name, card and skills: "quoted phrases", or, -not; the best come first.'),
    name: wanted('How its name begins.'),
    skill: wanted('The id of one of its skills.'),
    tag: wanted('A tag of one of its skills, in any case.'),
    capability: wanted('The id or a tag of a skill, a capability that its card declares, or the URI of an extension.'),
    department: wanted('Its department.'),
    tier: Type.Optional(Type.Enum([...agentTiers], { description: 'Its SLA tier.' })),
    region: wanted('One of its regions.'),
    status: Type.Optional(Type.Enum([...agentStatuses], { description: 'What its owner says of it.' })),
    health: Type.Optional(
      Type.Enum([...agentHealths], { description: 'The best health of its instances that take new tasks.' }),
    ),
    ...pageFields,
  },
  closed,
);

function searchOf(query: Static<typeof searchQuery>): AgentSearch {
  return {
    text: query.text ?? null,
    name: query.name ?? null,
    skill: query.skill ?? null,
    tag: query.tag ?? null,
    capability: query.capability ?? null,
    department: query.department ?? null,
    tier: query.tier ?? null,
    region: query.region ?? null,
    status: query.status ?? null,
    health: query.health ?? null,
  };
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
  endpoint({
    id: 'searchAgents',
    method: 'GET',
    path: '/tenants/{tenant}/agent-search',
    operation: 'agent.list',
    summary: 'Find the agents that are as wanted, by name or, with text, the best first; with an entity tag',
    query: searchQuery,
    answer: pageOfSchema(agentSchema),
    isTagged: true,
    uses: { searchAgents },
    handle: async ({ searchAgents }, call) =>
      pageAnswer(await searchAgents(call.caller, searchOf(call.query), pageRequestOf(call.query)), agentAnswer(call)),
  }),
  endpoint({
    id: 'listSkills',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}/skills',
    operation: 'agent.get',
    summary: 'List the skills of an agent with their schemas, prices and promises; with an entity tag',
    answer: Type.Object({ items: Type.Array(skillSchema) }, closed),
    errors: ['registry.agent-unknown'],
    isTagged: true,
    uses: { listSkills },
    handle: async ({ listSkills }, { caller, path }) => ({
      items: (await listSkills(caller, path.agent)).map(skillAnswer),
    }),
  }),
];
