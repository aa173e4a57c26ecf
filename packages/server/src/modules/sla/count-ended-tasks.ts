import { defaultObjectives, excusingCodes } from './objective.ts';
import type { Counting, SlaCounter } from './sla-store.ts';

/** Counts what has ended since the last time, of every tenant, up to a bound. */
export function countEndedTasks({ counter }: { readonly counter: SlaCounter }) {
  return (): Promise<Counting> => counter.count({ excusingCodes, defaults: defaultObjectives });
}
