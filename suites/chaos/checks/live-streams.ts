import { median } from '@colloquy/bench/figures/statistics';
import type { Evidence, Invariant } from './evidence.ts';

/** How many streams were open when each kill came. */
export function liveAtKills({ kills, operations }: Evidence): number[] {
  const legs = operations.flatMap((operation) => operation.legs);
  const isOpenAt = (atMs: number) => (leg: (typeof legs)[number]) =>
    leg.openedAtMs !== null && leg.openedAtMs <= atMs && (leg.endedAtMs ?? Number.POSITIVE_INFINITY) >= atMs;
  return kills.map(({ atMs }) => legs.filter(isOpenAt(atMs)).length);
}

/** The kills came while the promised number of streams was alive. */
export function streamsAlive(wanted: number): Invariant {
  const least = Math.ceil(wanted * 0.9);
  return {
    name: 'streams alive',
    promise: `of ${wanted} streams at least ${least} were open at the median kill`,
    population: ({ kills }) => kills.length,
    breaches(evidence) {
      const live = liveAtKills(evidence);
      return median(live) >= least ? [] : [{ subject: 'kills', detail: `open at the kills: ${live.join()}` }];
    },
  };
}
