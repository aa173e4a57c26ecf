/** The words that a mistyped one most likely means: the nearest, of which at most half of the letters differ. */
export function nearestTo(typed: string, words: readonly string[]): readonly string[] {
  const word = typed.toLowerCase();
  const near = words
    .map((other) => ({ other, distance: distanceBetween(word, other) }))
    .filter(({ other, distance }) => distance * 2 <= Math.max(word.length, other.length));
  const nearest = Math.min(...near.map(({ distance }) => distance));
  return near.filter(({ distance }) => distance === nearest).map(({ other }) => other);
}

/** The Levenshtein distance: how many letters are inserted, deleted or replaced. */
function distanceBetween(word: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [index, letter] of Array.from(word).entries()) {
    const next = [index + 1];
    for (const [place, above] of row.slice(1).entries()) {
      const replaced = (row[place] ?? 0) + (letter === other[place] ? 0 : 1);
      next.push(Math.min(replaced, above + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
