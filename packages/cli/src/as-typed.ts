/**
 * A word as it was typed, where the platform takes only certain ones: it refuses any other and says which it takes, so the command does not
 * list them again.
 */
export function asTyped<Word extends string>(text: string): Word;
export function asTyped<Word extends string>(text: string | undefined): Word | undefined;
export function asTyped<Word extends string>(text: string | undefined): Word | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the platform judges the word
  return text as Word | undefined;
}
