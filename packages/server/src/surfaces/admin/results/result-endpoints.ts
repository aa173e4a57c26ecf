import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { listCachePolicies, setCachePolicy, unsetCachePolicy, purgeResults } from '../../../modules/results/index.ts';
import type { ResultSubject, CachePolicy, ConfiguredCachePolicy } from '../../../modules/results/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const policyFields = {
  sharedBy: Type.Union([Type.Literal('caller'), Type.Literal('tenant')], {
    description:
      'Who may get a cached result: the caller that sent the same request before, or every caller of the tenant that may send it.',
  }),
  hitPricePercent: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'What a hit costs, in percent of the price.',
  }),
  staleMs: Type.Integer({
    minimum: 0,
    maximum: limits.resultMsMax,
    description: 'How long after its time a result may be given while a new one is fetched.',
  }),
  on: Type.Boolean({ description: 'False: every call goes to the agent.' }),
};

const cachePolicySchema = Type.Object(policyFields, { ...closed, description: 'Replaces what was said.' });

const configuredCachePolicySchema = Type.Object(
  {
    agent: Type.String(),
    skill: Type.Optional(Type.String({ description: 'Absent: every skill for which nothing else is said.' })),
    ...policyFields,
    changedBy: Type.String({ description: 'Id of the principal that said it.' }),
    changedAt: time('When it was said.'),
  },
  closed,
);

const skillQuery = Type.Object(
  { skill: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only this skill of the agent.' })) },
  closed,
);

const subjectOf = (path: Readonly<Record<string, string>>, { skill }: Static<typeof skillQuery>): ResultSubject => ({
  agentName: path['agent'] ?? '',
  skillId: skill ?? null,
});

const shown = ({ sharedBy, hitPricePercent, staleMs, isOn }: CachePolicy): Static<typeof cachePolicySchema> => ({
  sharedBy,
  hitPricePercent,
  staleMs,
  on: isOn,
});

function answerOf(set: ConfiguredCachePolicy): Static<typeof configuredCachePolicySchema> {
  const { agentName, skillId } = set.subject;
  return {
    agent: agentName,
    ...(skillId === null ? {} : { skill: skillId }),
    ...shown(set),
    changedBy: set.changedBy,
    changedAt: set.changedAt.toISOString(),
  };
}

export const resultEndpoints = [
  endpoint({
    id: 'listResultTerms',
    method: 'GET',
    path: '/tenants/{tenant}/result-terms',
    operation: 'result-terms.list',
    summary: 'List what was said of giving results of skills again',
    query: pageQuery,
    answer: pageOfSchema(configuredCachePolicySchema),
    uses: { listCachePolicies },
    handle: async ({ listCachePolicies }, { caller, query }) =>
      pageAnswer(await listCachePolicies(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'setResultTerms',
    method: 'PUT',
    path: '/tenants/{tenant}/agents/{agent}/result-terms',
    operation: 'result-terms.change',
    summary: 'Set the cache policy of an agent, or of one of its skills: who may get a cached result, and its price',
    query: skillQuery,
    body: cachePolicySchema,
    answer: cachePolicySchema,
    errors: ['registry.agent-unknown', 'results.too-many'],
    uses: { setCachePolicy },
    handle: async ({ setCachePolicy }, { caller, path, query, body: { on, ...said } }) =>
      shown(await setCachePolicy(caller, subjectOf(path, query), { ...said, isOn: on })),
  }),
  endpoint({
    id: 'unsetResultTerms',
    method: 'DELETE',
    path: '/tenants/{tenant}/agents/{agent}/result-terms',
    operation: 'result-terms.change',
    summary: 'Take back what was said of results of the agent, or of one of its skills',
    query: skillQuery,
    errors: ['results.terms-unknown'],
    uses: { unsetCachePolicy },
    handle: ({ unsetCachePolicy }, { caller, path, query }) => unsetCachePolicy(caller, subjectOf(path, query)),
  }),
  endpoint({
    id: 'purgeResults',
    method: 'DELETE',
    path: '/tenants/{tenant}/agents/{agent}/results',
    operation: 'result.purge',
    summary: 'Forget every result of the agent, or of one of its skills',
    query: skillQuery,
    errors: ['registry.agent-unknown', 'results.too-many'],
    uses: { purgeResults },
    handle: ({ purgeResults }, { caller, path, query }) => purgeResults(caller, subjectOf(path, query)),
  }),
];
