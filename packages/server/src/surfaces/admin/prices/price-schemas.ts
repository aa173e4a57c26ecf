import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { unitNamePattern } from '../../../modules/prices/index.ts';
import type { PriceLine, PriceSource } from '../../../modules/prices/index.ts';
import type { TaskCost } from '../../../modules/tasks/index.ts';
import { closed, component, time } from '../page-schemas.ts';

export const creditAmount = (description: string) =>
  Type.Integer({ minimum: 0, maximum: limits.amountMicrocreditsMax, description });

const ofTask = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description: `${description} In millionths of a credit.`, examples: [example] });

/** What a task costs. */
export const taskCostFields = {
  reservedMicrocredits: ofTask('The price that was reserved when the task was recorded.', 100_000_000),
  settledMicrocredits: ofTask(
    'What was charged at the end; 0 before. More than was reserved only where the overage policy says so.',
    60_000_000,
  ),
  releasedMicrocredits: ofTask('The part of the reservation that was refunded at the end; 0 before.', 40_000_000),
};

export function taskCostAnswer({ reservedMicrocredits, settledMicrocredits, releasedMicrocredits }: TaskCost) {
  return {
    reservedMicrocredits: Number(reservedMicrocredits),
    settledMicrocredits: Number(settledMicrocredits),
    releasedMicrocredits: Number(releasedMicrocredits),
  };
}

/** The members of a line of a price. */
export const priceLineFields = {
  component: Type.Enum(['call', 'items', 'seconds', 'unit', 'minimum']),
  unit: Type.Optional(Type.String({ description: 'Name of the unit.' })),
  quantity: Type.Optional(Type.Number({ minimum: 0, description: 'Absent: it is not known.' })),
  unitMicrocredits: creditAmount('For each one above the tiers.'),
  amountMicrocredits: creditAmount('What the line costs, rounded upward.'),
};

export function priceLineAnswer({ component, unit, quantity, ...amounts }: PriceLine) {
  return {
    component,
    ...(unit === null ? {} : { unit }),
    ...(quantity === null ? {} : { quantity: Number(quantity) / 1_000_000 }),
    unitMicrocredits: Number(amounts.unitMicrocredits),
    amountMicrocredits: Math.min(Number(amounts.amountMicrocredits), limits.amountMicrocreditsMax),
  };
}

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

export const sourceSchema = Type.Object(
  {
    kind: Type.Enum(['override', 'card', 'registration']),
    skill: Type.Optional(Type.String({ description: 'The override is for this skill.' })),
    effectiveFrom: Type.Optional(time('Since when the override holds.')),
    cardVersion: Type.Optional(Type.Integer({ description: 'The version of the card that states the price.' })),
  },
  { ...closed, description: 'Where the price comes from.' },
);

/** Where a price comes from, as it goes out. */
export function sourceAnswer(source: PriceSource): Static<typeof sourceSchema> {
  const { kind } = source;
  if (kind === 'registration') return { kind };
  if (kind === 'card') return { kind, cardVersion: source.cardVersion };
  const { skillId, effectiveFromMs } = source;
  return {
    kind,
    ...(skillId === null ? {} : { skill: skillId }),
    effectiveFrom: new Date(effectiveFromMs).toISOString(),
  };
}
