/** The outcome of one counting run. */
export interface UsageCounting {
  /** Processed audit entries, and the ended tasks among them. */
  readonly entries: number;
  readonly tasks: number;
  /** What those tasks cost. */
  readonly microcredits: bigint;
  /** Whether more entries may be waiting. */
  readonly isFull: boolean;
}

/** Bounds of one counting run. */
export interface UsageCountingBounds {
  readonly tenantsMax: number;
  /** Entries of the audit chain of each tenant. */
  readonly entriesMax: number;
}

/**
 * Counts ended tasks with what they cost. Promises of an implementation: each task is counted once, in one transaction with the position in
 * the audit chain, after any crash and with any number of concurrent processes.
 */
export interface UsageCounter {
  count(bounds: UsageCountingBounds): Promise<UsageCounting>;
}
