import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { readRouting, changeRouting } from '../../../modules/routing/index.ts';
import type { RoutingPolicy, SkillRouting } from '../../../modules/routing/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed } from '../page-schemas.ts';

const { routingEntriesMax: maxItems, decisionWordCharsMax } = limits;

const choice = Type.Enum(['least-outstanding', 'weighted', 'spread'] as const, {
  description:
    'Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.',
});
const version = Type.String({ minLength: 1, maxLength: 64, description: 'A version that instances say they run.' });
const regions = Type.Array(Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }), {
  maxItems,
  description: 'Regions in the order of preference; `own` is that of the node that decides.',
});
const share = Type.Object({ version, weight: Type.Integer({ minimum: 0, maximum: 1_000 }) }, closed);
const skill = Type.Object(
  {
    skill: Type.String({ minLength: 1, maxLength: decisionWordCharsMax, description: 'Id of the skill.' }),
    choice: Type.Optional(choice),
    version: Type.Optional(version),
    regions: Type.Optional(regions),
  },
  { ...closed, description: 'For messages that name the skill; what is left out is as it is for the agent.' },
);
const mirror = Type.Object(
  { version, percent: Type.Integer({ minimum: 1, maximum: 100, description: 'Of a hundred sends.' }) },
  {
    ...closed,
    description:
      'Instances of this version get copies of sends, and nothing else. Their answers are dropped, and cost nothing.',
  },
);

const routingSchema = Type.Object(
  {
    choice,
    sticky: Type.Boolean({ description: 'Tasks of one context go to one instance as long as it can take them.' }),
    regions,
    versions: Type.Array(share, {
      maxItems,
      description:
        'How sends are split among versions; one that is not named has the sum of the weights of its instances.',
    }),
    skills: Type.Array(skill, { maxItems }),
    mirror: Type.Optional(mirror),
  },
  { ...closed, description: 'How sends find an instance of the agent.' },
);

function answerOf({
  mirror: copies,
  regions: preferred,
  versions,
  skills,
  ...rest
}: RoutingPolicy): Static<typeof routingSchema> {
  return {
    ...rest,
    regions: [...preferred],
    versions: [...versions],
    skills: skills.map(({ regions: own, ...one }) => ({ ...one, ...(own === undefined ? {} : { regions: [...own] }) })),
    ...(copies === null ? {} : { mirror: copies }),
  };
}

function policyOf({ skills, mirror: copies, ...rest }: Static<typeof routingSchema>): RoutingPolicy {
  const said = skills.map((one): SkillRouting => ({
    skill: one.skill,
    ...(one.choice === undefined ? {} : { choice: one.choice }),
    ...(one.version === undefined ? {} : { version: one.version }),
    ...(one.regions === undefined ? {} : { regions: one.regions }),
  }));
  return { ...rest, skills: said, mirror: copies ?? null };
}

const path = '/tenants/{tenant}/agents/{agent}/routing';
const errors = ['registry.agent-unknown'] as const;

export const routingEndpoints = [
  endpoint({
    id: 'readRouting',
    method: 'GET',
    path,
    operation: 'routing.read',
    summary: 'Read how sends find an instance of an agent',
    answer: routingSchema,
    errors,
    uses: { readRouting },
    handle: async ({ readRouting }, { caller, path: named }) => answerOf(await readRouting(caller, named.agent)),
  }),
  endpoint({
    id: 'setRouting',
    method: 'PUT',
    path,
    operation: 'routing.change',
    summary: 'Set how sends find an instance of an agent, from now on',
    body: routingSchema,
    answer: routingSchema,
    errors,
    uses: { changeRouting },
    handle: async ({ changeRouting }, { caller, path: named, body }) =>
      answerOf(await changeRouting(caller, named.agent, policyOf(body))),
  }),
  endpoint({
    id: 'unsetRouting',
    method: 'DELETE',
    path,
    operation: 'routing.change',
    summary: 'Take back what was set: sends find an instance as at any other agent',
    errors,
    uses: { changeRouting },
    handle: ({ changeRouting }, { caller, path: named }) => changeRouting(caller, named.agent, null),
  }),
];
