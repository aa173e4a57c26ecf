import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentTier } from '../registry/index.ts';
import type { ObjectiveChange, SlaObjective, SlaSubject } from './objective.ts';
import type { AgentCount, SlaCount } from './sla-sums.ts';

/** The outcome of setting an objective. `unknown`: no such agent. `full`: the limit of agents with objectives is reached. */
export type ObjectiveOutcome =
  { readonly kind: 'set'; readonly holdsFrom: Date } | { readonly kind: 'unknown' } | { readonly kind: 'full' };

/** The requested report. */
export interface ReportRequest {
  /** `YYYY-MM` in UTC; null: the current month. */
  readonly month: string | null;
  /** Null: every agent. */
  readonly agentName: string | null;
  /** Of the agents. */
  readonly page: PageRequest;
}

/** The stored counts and objectives of a month. */
export interface ReportFacts {
  /** By the database's clock, as the hours are. */
  readonly now: Date;
  readonly from: Date;
  readonly to: Date;
  /** Null when no task ended. */
  readonly total: SlaCount | null;
  /** Tiers with ended tasks. */
  readonly tiers: ReadonlyMap<AgentTier, SlaCount>;
  readonly agents: Page<AgentCount>;
  /** Changes that took effect in the month; at most `limits.slaChangesShownMax`. */
  readonly changes: readonly ObjectiveChange[];
  /** The objectives of the tiers and of the requested agent, in force at the end of the month or now. */
  readonly inForce: readonly ObjectiveChange[];
  /** Tier of the requested agent, registered or not any more; null when no agent was requested, or it is unknown. */
  readonly agentTier: AgentTier | null;
  /** Audit entries that are not processed yet; ended tasks may be among them. */
  readonly pendingEntries: number;
}

/**
 * Objectives and counts. Promises of an implementation: a change and its audit entry are one transaction, in force from the next full hour;
 * counted tasks are never judged again. Methods reject with `platform.unavailable`.
 */
export interface SlaStore {
  /** The latest change of each tier, and a page of agents with objectives by name; the cursor is a name. Removed objectives are left out. */
  list(
    tenantId: TenantId,
    page: PageRequest,
  ): Promise<{ readonly tiers: readonly ObjectiveChange[]; readonly agents: Page<ObjectiveChange> }>;
  set(subject: SlaSubject, objective: SlaObjective, entry: NewAuditEntry): Promise<ObjectiveOutcome>;
  /** False when no objective was set. */
  unset(subject: SlaSubject, entry: NewAuditEntry): Promise<boolean>;
  report(tenantId: TenantId, request: ReportRequest): Promise<ReportFacts>;
}

/** The rules for judging ended tasks. */
export interface CountingRules {
  /** Error codes of excused failures. */
  readonly excusingCodes: readonly string[];
  /** The default objective of each tier. */
  readonly defaults: readonly (SlaObjective & { readonly tier: AgentTier })[];
}

/** The outcome of one counting run. */
export interface Counting {
  /** Processed audit entries, and the ended tasks among them. */
  readonly entries: number;
  readonly tasks: number;
  readonly failed: number;
  readonly late: number;
  /** Whether more entries may be waiting. */
  readonly isFull: boolean;
}

/**
 * Counts ended tasks. Promises of an implementation: each task is counted once, in one transaction with the position in the audit chain, after
 * any crash and with any number of concurrent processes.
 */
export interface SlaCounter {
  count(rules: CountingRules): Promise<Counting>;
}
