import { Type } from 'typebox';
import { readAgentPrices } from '../../../modules/routing/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, time } from '../page-schemas.ts';
import { priceSchema, sourceAnswer, sourceSchema } from './price-schemas.ts';

const skill = Type.Optional(Type.String({ description: 'Absent: every skill without a price of its own.' }));

const agentPricesSchema = component(
  'AgentPrices',
  Type.Object(
    {
      agent: Type.String(),
      prices: Type.Array(Type.Object({ skill, price: priceSchema, source: sourceSchema }, closed), {
        description: 'What holds now: the price of the agent first, then those of skills with a price of their own.',
      }),
      upcoming: Type.Array(
        Type.Object({ skill, price: priceSchema, effectiveFrom: time('From when on it holds.') }, closed),
        { description: 'Overrides that do not hold yet, the next one first.' },
      ),
    },
    closed,
  ),
);

const skillOf = (skillId: string | null) => (skillId === null ? {} : { skill: skillId });

/** Prices as sends find them. */
export const agentPriceEndpoints = [
  endpoint({
    id: 'readAgentPrices',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}/price',
    operation: 'price.read',
    summary: 'Show what calls of an agent and of its skills cost now, and which prices are to come',
    answer: agentPricesSchema,
    errors: ['registry.agent-unknown'],
    uses: { readAgentPrices },
    handle: async ({ readAgentPrices }, { caller, path }) => {
      const { prices, upcoming } = await readAgentPrices(caller, path.agent);
      return {
        agent: path.agent,
        prices: prices.map(({ skillId, price, source }) => ({
          ...skillOf(skillId),
          price: price.document,
          source: sourceAnswer(source),
        })),
        upcoming: upcoming.map(({ skillId, price, effectiveFromMs }) => ({
          ...skillOf(skillId),
          price,
          effectiveFrom: new Date(effectiveFromMs).toISOString(),
        })),
      };
    },
  }),
];
