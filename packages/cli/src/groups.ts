import { nouns as declared } from './commands/index.gen.ts';
import { groupTitles } from './noun.ts';
import type { Nouns } from './noun.ts';

const nouns: Nouns = { ...declared, completion: { group: 'Start' } };

/** Nouns that come first in their group, in this order; the others follow in alphabetical order. */
const leading = (
  'up init doctor token send ask quote task agent instance routing resilience cache sla suspend resume tenant client client-secret ' +
  'client-authority api-key person credits price limit key secret'
).split(' ');

const placeOf = (noun: string): number => (leading.includes(noun) ? leading.indexOf(noun) : leading.length);

/** Nouns and one-word commands by what people want to do, in the order of the help. */
export const groups: readonly { readonly title: string; readonly nouns: Nouns }[] = groupTitles.map((title) => ({
  title,
  nouns: Object.fromEntries(
    Object.entries(nouns)
      .filter(([, { group }]) => group === title)
      .toSorted(([one], [other]) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1)),
  ),
}));

/** What can be done with a noun, in one line; empty for an old noun, which no help shows. */
export function nounSummary(noun: string): string {
  return nouns[noun]?.summary ?? '';
}
