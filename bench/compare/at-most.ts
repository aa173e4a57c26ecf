import type { Bar } from './bars.ts';

/** A bar that a value holds up to a bound. A value that is not a number holds none. */
export function atMost(name: string, value: number, bound: number): Bar {
  return { name, value, bound: `≤ ${bound}`, held: value <= bound && Number.isFinite(value) };
}
