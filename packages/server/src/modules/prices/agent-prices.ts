import type { DatedPrice, ListedPrices, PriceInForce } from './price-in-force.ts';
import { priceInForce } from './price-in-force.ts';

/** The price of a skill, or of every skill without a price of its own (null). */
export interface SkillPrice extends PriceInForce {
  readonly skillId: string | null;
}

/** What calls of an agent cost now, and what they will cost. */
export interface PricesInForce {
  /** The price of the agent first, then those of skills with a price of their own. */
  readonly prices: readonly SkillPrice[];
  /** Overrides whose date is still to come, the next one first. */
  readonly upcoming: readonly DatedPrice[];
}

/** The prices of an agent at this moment. */
export function pricesInForce(listed: ListedPrices, nowMs: number): PricesInForce {
  const overrides = listed.prices?.overrides ?? [];
  const named = [
    ...listed.skills.keys(),
    ...(listed.prices?.skills.keys() ?? []),
    ...overrides.map((one) => one.skillId),
  ];
  const skillIds = [...new Set(named)].filter((skillId) => skillId !== null).toSorted();
  const ofSkills = skillIds
    .map((skillId) => ({ skillId, ...priceInForce(listed, skillId, nowMs) }))
    .filter((price) => isOwn(listed, price));
  return {
    prices: [{ skillId: null, ...priceInForce(listed, null, nowMs) }, ...ofSkills],
    upcoming: overrides.filter(({ effectiveFromMs }) => effectiveFromMs > nowMs).toReversed(),
  };
}

/** Whether the price is that of the skill, and not that of its agent. */
function isOwn({ skills, prices }: ListedPrices, { skillId, source }: SkillPrice): boolean {
  if (source.kind === 'override') return source.skillId === skillId;
  if (source.kind === 'registration' || skillId === null) return false;
  return prices?.skills.has(skillId) === true || (skills.get(skillId)?.priceMicrocredits ?? null) !== null;
}
