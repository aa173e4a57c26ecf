/** A stream of numbers that a seed repeats: xorshift32 (Marsaglia 2003). For schedules and workloads, never for secrets. */
export interface SeededRandom {
  /** The next number, 0 ≤ n < 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(choices: readonly T[]): T;
}

export function createSeededRandom(seed: number | string): SeededRandom {
  // Zero would stay zero for ever.
  let state = scramble(String(seed)) || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    pick<T>(choices: readonly T[]): T {
      const chosen = choices[between(0, choices.length - 1)];
      if (chosen === undefined) throw new RangeError('there is nothing to pick from');
      return chosen;
    },
  };
}

/** FNV-1a, 32 bits: neighbouring seeds give unlike streams. */
function scramble(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
