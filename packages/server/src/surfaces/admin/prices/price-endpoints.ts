import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { timeFrom } from '../../../modules/gateway/index.ts';
import {
  listPriceOverrides,
  setPriceOverride,
  unitNamePattern,
  unsetPriceOverrides,
} from '../../../modules/prices/index.ts';
import type { PriceOverride, PriceSubject } from '../../../modules/prices/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const credits = (description: string) =>
  Type.Union(
    [Type.Number({ minimum: 0, maximum: limits.amountMicrocreditsMax / 1_000_000 }), Type.String({ maxLength: 20 })],
    {
      description: `${description}, in credits with at most 6 decimals.`,
    },
  );
const unitName = Type.String({ pattern: unitNamePattern });
const quantity = (description: string) => Type.Number({ minimum: 0, maximum: limits.priceQuantityMax, description });

const tiers = Type.Optional(
  Type.Array(
    Type.Object({ upTo: quantity('Where the tier ends.'), price: credits('For each one in the tier') }, closed),
    {
      minItems: 1,
      maxItems: limits.priceTiersMax,
      description:
        'Graduated: the quantity up to the first `upTo`, then up to the next; what is above the last costs `price`.',
    },
  ),
);

const unitPrice = Type.Union([
  credits('For each unit'),
  Type.Object({ price: credits('For each unit above the tiers'), tiers }, closed),
]);

/** The price of a call, as cards and overrides state it. */
export const priceSchema = component(
  'Price',
  Type.Object(
    {
      perCall: Type.Optional(credits('For the call')),
      perItem: Type.Optional(
        Type.Object(
          {
            price: credits('For each item above the tiers'),
            of: Type.Optional(
              Type.String({
                maxLength: limits.pricePathCharsMax,
                description: 'JSON path into the first data part of the message, such as $.leadIds[*].',
              }),
            ),
            tiers,
          },
          closed,
        ),
      ),
      perSecond: Type.Optional(credits('For each second that the agent works')),
      perUnit: Type.Optional(
        Type.Record(unitName, unitPrice, {
          maxProperties: limits.priceUnitsMax,
          description: 'For units that the agent reports, by name.',
        }),
      ),
      minimum: Type.Optional(credits('The parts cost this at least')),
      estimate: Type.Optional(
        Type.Object(
          {
            items: Type.Optional(quantity('Where the message does not say it.')),
            seconds: Type.Optional(quantity('Typical working time.')),
            units: Type.Optional(
              Type.Record(unitName, quantity('Typical number.'), {
                maxProperties: limits.priceUnitsMax,
              }),
            ),
          },
          { ...closed, description: 'The quantities that a send reserves for.' },
        ),
      ),
    },
    { ...closed, description: 'The parts are added. Each is rounded upward to a micro-credit.' },
  ),
);

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
