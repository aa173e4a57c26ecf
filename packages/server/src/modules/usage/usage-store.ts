import type { TenantId } from '../../kernel/ids.ts';
import type { UsageSums } from './usage-sums.ts';

/** What a report can tell apart, in the order of its columns. Of the intervals at most one. */
export const usageGroupings = ['hour', 'day', 'month', 'agent', 'skill', 'department', 'costCenter', 'client'] as const;

/** One of `usageGroupings`. */
export type UsageGrouping = (typeof usageGroupings)[number];

/** The sums of one group; null for what the report does not tell apart, and empty text where a task had none. */
export interface UsageGroup extends UsageSums {
  /** When the hour, day or month of UTC begins. */
  readonly startsAt: Date | null;
  readonly agentName: string | null;
  readonly skillId: string | null;
  readonly department: string | null;
  readonly costCenter: string | null;
  readonly clientId: string | null;
}

/** Which usage a report sums, and how. */
export interface UsageQuery {
  /** A full hour; null: the begin of the current month. */
  readonly from: Date | null;
  /** A full hour, exclusive; null: the end of the current hour. */
  readonly to: Date | null;
  readonly groupBy: readonly UsageGrouping[];
  /** Of the groups in their order: how many to leave out, and how many to answer. */
  readonly offset: number;
  readonly limit: number;
}

/** The usage of a period. */
export interface UsageFacts {
  /** By the database's clock, as the hours are. */
  readonly now: Date;
  readonly from: Date;
  readonly to: Date;
  /** Audit entries that are not counted yet; ended tasks may be among them. */
  readonly pendingEntries: number;
  readonly total: UsageSums;
  /** In the order of the columns. */
  readonly groups: readonly UsageGroup[];
}

/** Reads what was counted, all of it as of one moment. Rejects with `platform.unavailable`. */
export interface UsageStore {
  report(tenantId: TenantId, query: UsageQuery): Promise<UsageFacts>;
}

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
