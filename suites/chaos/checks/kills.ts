import type { Invariant } from './evidence.ts';

/** Kills that hit an idle process prove little. */
export const killsInFlight: Invariant = {
  name: 'kills in flight',
  promise: 'at least half of the kills hit a process that worked on tasks',
  population: ({ kills }) => kills.length,
  breaches({ kills }) {
    const hits = kills.filter(({ tasksInFlight }) => tasksInFlight > 0).length;
    return hits * 2 >= kills.length && kills.length > 0
      ? []
      : [{ subject: 'kills', detail: `${hits} of ${kills.length} hit tasks` }];
  },
};
