import { defaultObjectives, excusingCodes } from './objective.ts';
import type { Counting, SlaCounter } from './sla-store.ts';

/** Counts tasks of every tenant that ended since the last run, up to a bound. */
export function countEndedTasks({ counter }: { readonly counter: SlaCounter }) {
  return (): Promise<Counting> => counter.count({ excusingCodes, defaults: defaultObjectives });
}
