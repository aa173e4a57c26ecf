import type { SchemaFit, SkillOffer } from './skill-offer.ts';

/** By which means the router found a skill. */
export type RoutedBy = 'skill-id' | 'schema-fit' | 'text-match' | 'chooser';

/** What a message asks of the router. */
export interface SkillQuestion {
  /** The skill that it names; null for none. */
  readonly skillId: string | null;
  /** Its parts of structured data. */
  readonly data: readonly unknown[];
  /** Its text, joined. */
  readonly text: string;
}

/** Why an offer is not taken at once, or at all; absent for one that stands in the order. */
export interface RankedOffer {
  readonly offer: SkillOffer;
  /** How many members its schema asks for; null when it has none. */
  readonly asksFor: number | null;
  readonly isFit: boolean;
}

const byTier = { gold: 0, silver: 1, bronze: 2 } as const;

/**
 * The offers in the order in which the router tries them; a function of its arguments alone. Those whose schema the data does not fit come
 * last and are not tried. Then, whichever comes first: the schema that asks for most, so that the special skill is before the general
 * one (not for a named skill: its offers say the same); the words; the tier; the price; the name.
 */
export function rankOffers(
  offers: readonly SkillOffer[],
  { data }: SkillQuestion,
  { by, fits }: { readonly by: RoutedBy; readonly fits: SchemaFit },
): readonly RankedOffer[] {
  const ranked = offers.map((offer): RankedOffer => {
    const { inputSchema } = offer;
    const isFit = inputSchema === null || data.every((value) => fits(inputSchema, value));
    return { offer, asksFor: inputSchema === null ? null : asked(inputSchema['required']), isFit };
  });
  return ranked.toSorted((one, other) => {
    const order = [
      Number(other.isFit) - Number(one.isFit),
      Number(one.offer.isDeprecated) - Number(other.offer.isDeprecated),
      by === 'schema-fit' ? (other.asksFor ?? 0) - (one.asksFor ?? 0) : 0,
      other.offer.rank - one.offer.rank,
      byTier[one.offer.tier] - byTier[other.offer.tier],
      Number(one.offer.priceMicrocredits - other.offer.priceMicrocredits),
      compare(one.offer.agentName, other.offer.agentName),
      compare(one.offer.skillId, other.offer.skillId),
    ];
    return order.find((difference) => difference !== 0) ?? 0;
  });
}

function asked(required: unknown): number {
  return Array.isArray(required) ? required.length : 0;
}

/** By code points: the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
