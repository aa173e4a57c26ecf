import { limits } from '../../kernel/limits.ts';
import { defaultObjectives, excusingCodes } from './objective.ts';
import type { Counting, SlaCounter } from './sla-store.ts';

/** Counts tasks of every tenant that ended since the last run, up to a bound. */
export function countEndedTasks({ counter }: { readonly counter: SlaCounter }) {
  return (): Promise<Counting> => counter.count({ excusingCodes, defaults: defaultObjectives });
}

/**
 * The size of one counting run. After a timeout the next run is smaller, down to one entry, so that a task with a very long log cannot block
 * the entries behind it.
 */
export class CountingPace {
  #entriesMax: number = limits.slaCountEntriesMax;

  /** Audit entries of each tenant in one run. */
  get slaCountEntriesMax(): number {
    return this.#entriesMax;
  }

  /** Tenants in one run. */
  get slaCountTenantsMax(): number {
    return this.#entriesMax < limits.slaCountEntriesMax ? 1 : limits.slaCountTenantsMax;
  }

  /** The run finished in time. */
  speedUp(): void {
    this.#entriesMax = Math.min(limits.slaCountEntriesMax, this.#entriesMax * 2);
  }

  /** The run failed. */
  slowDown(): void {
    this.#entriesMax = Math.max(1, Math.floor(this.#entriesMax / 4));
  }
}
