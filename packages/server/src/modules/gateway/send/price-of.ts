import type { Route } from '../../routing/index.ts';

/** What a call costs that names this skill, in micro-credits: the skill's own price, or else that of its agent. */
export function priceOf(
  { skills, priceMicrocredits }: Pick<Route, 'skills' | 'priceMicrocredits'>,
  skillId: string | null,
): bigint {
  return (skillId === null ? null : skills.get(skillId)?.priceMicrocredits) ?? priceMicrocredits;
}
