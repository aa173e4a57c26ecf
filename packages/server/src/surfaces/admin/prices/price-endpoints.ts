import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { timeFrom } from '../../../modules/gateway/index.ts';
import { listPriceOverrides, setPriceOverride, unsetPriceOverrides } from '../../../modules/prices/index.ts';
import type { PriceOverride, PriceSubject } from '../../../modules/prices/index.ts';
import { endpoint } from '../endpoint.ts';
import { priceSchema } from './price-schemas.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const overrideSchema = component(
  'PriceOverride',
  Type.Object(
    {
      agent: Type.String(),
      skill: Type.Optional(Type.String({ description: 'Absent: every skill of the agent without an override.' })),
      effectiveFrom: time('From when on it holds.'),
      inForce: Type.Boolean({ description: 'Whether it holds now.' }),
      price: priceSchema,
      changedBy: Type.String({ description: 'Id of the principal that set it.' }),
      changedAt: time('When it was set.'),
    },
    closed,
  ),
);

const skill = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: limits.callerIdCharsMax,
    description: 'Only for this skill of the agent.',
  }),
);
const from = Type.Optional(
  Type.String({ format: 'date-time', maxLength: 40, description: 'Only the one from then on.' }),
);

const priceBody = Type.Object(
  {
    price: priceSchema,
    effectiveFrom: Type.Optional(
      Type.String({ format: 'date-time', maxLength: 40, description: 'From when on it holds; absent: from now on.' }),
    ),
  },
  closed,
);

function answerOf({ subject, effectiveFrom, price, ...override }: PriceOverride): Static<typeof overrideSchema> {
  return {
    agent: subject.agentName,
    ...(subject.skillId === null ? {} : { skill: subject.skillId }),
    effectiveFrom: effectiveFrom.toISOString(),
    inForce: override.isInForce,
    price,
    changedBy: override.changedBy,
    changedAt: override.changedAt.toISOString(),
  };
}

function subjectOf(agentName: string, skillId: string | undefined): PriceSubject {
  return { agentName, skillId: skillId ?? null };
}

const dateOf = (text: string | undefined, field: string): Date | null =>
  text === undefined ? null : new Date(timeFrom(text, field));

const path = '/tenants/{tenant}/agents/{agent}/price';

export const priceEndpoints = [
  endpoint({
    id: 'listPriceOverrides',
    method: 'GET',
    path: '/tenants/{tenant}/prices',
    operation: 'price.list',
    summary: 'List the price overrides of the tenant, those of the past and of the future included',
    query: pageQuery,
    answer: pageOfSchema(overrideSchema),
    uses: { listPriceOverrides },
    handle: async ({ listPriceOverrides }, { caller, query }) =>
      pageAnswer(await listPriceOverrides(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'setPriceOverride',
    method: 'PUT',
    path,
    operation: 'price.change',
    summary: 'Set the price of an agent, or of one of its skills, from a date on',
    query: Type.Object({ skill }, closed),
    body: priceBody,
    answer: overrideSchema,
    errors: ['registry.agent-unknown', 'prices.skill-unknown', 'prices.too-many'],
    uses: { setPriceOverride },
    handle: async ({ setPriceOverride }, { caller, path: named, query, body }) =>
      answerOf(
        await setPriceOverride(caller, {
          subject: subjectOf(named.agent, query.skill),
          price: body.price,
          effectiveFrom: dateOf(body.effectiveFrom, 'effectiveFrom'),
        }),
      ),
  }),
  endpoint({
    id: 'unsetPriceOverrides',
    method: 'DELETE',
    path,
    operation: 'price.change',
    summary: 'Remove price overrides of an agent, or of one of its skills',
    query: Type.Object({ skill, from }, closed),
    errors: ['prices.unknown'],
    uses: { unsetPriceOverrides },
    handle: ({ unsetPriceOverrides }, { caller, path: named, query }) =>
      unsetPriceOverrides(caller, subjectOf(named.agent, query.skill), dateOf(query.from, 'from')),
  }),
];
