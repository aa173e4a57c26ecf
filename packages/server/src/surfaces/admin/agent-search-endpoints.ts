import type { Static } from 'typebox';
import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { agentHealths, agentStatuses, agentTiers, searchAgents, listSkills } from '../../modules/registry/index.ts';
import type { AgentSearch } from '../../modules/registry/index.ts';
import { agentAnswer, skillAnswer } from './agent-answer.ts';
import { agentSchema, skillSchema } from './agent-schemas.ts';
import { endpoint } from './endpoint.ts';
import { closed, pageAnswer, pageFields, pageOfSchema, pageRequestOf } from './page-schemas.ts';

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

export const agentSearchEndpoints = [
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
