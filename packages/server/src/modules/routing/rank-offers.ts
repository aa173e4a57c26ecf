import type { SchemaFit, SkillOffer } from './skill-offer.ts';

/** How the router found a skill. */
export type RoutedBy = 'skill-id' | 'schema-fit' | 'text-match' | 'chooser';

/** The parts of a message that the router reads. */
export interface SkillQuestion {
  /** The skill that it names; null for none. */
  readonly skillId: string | null;
  /** Its parts of structured data. */
  readonly data: readonly unknown[];
  /** Its text, joined. */
  readonly text: string;
}

/** An offer with the facts that rank it. */
export interface RankedOffer {
  readonly offer: SkillOffer;
  /** Number of members that its schema requires; null without a schema. */
  readonly asksFor: number | null;
  readonly isFit: boolean;
}

const byTier = { gold: 0, silver: 1, bronze: 2 } as const;

/**
 * The offers in the order in which the router tries them; a pure function. Offers whose schema does not accept the data come last and are
 * not tried. The order is by: most required members, so that a specific skill precedes a general one (not for a named skill, whose offers
 * are alike); text rank; tier; price; name.
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
