import { limits } from '../../kernel/limits.ts';

/**
 * How much one counting looks at. What took too long is tried again with less, down to one entry, so that no log of a task, however long,
 * keeps what comes after it from being counted.
 */
export class CountingPace {
  #entriesMax: number = limits.slaCountEntriesMax;

  /** Entries of each tenant. */
  get slaCountEntriesMax(): number {
    return this.#entriesMax;
  }

  /** Tenants. */
  get slaCountTenantsMax(): number {
    return this.#entriesMax < limits.slaCountEntriesMax ? 1 : limits.slaCountTenantsMax;
  }

  /** It was done in time. */
  speedUp(): void {
    this.#entriesMax = Math.min(limits.slaCountEntriesMax, this.#entriesMax * 2);
  }

  /** It failed. */
  slowDown(): void {
    this.#entriesMax = Math.max(1, Math.floor(this.#entriesMax / 4));
  }
}
