import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AgentTier } from '../registry/index.ts';
import type { ObjectiveChange, SlaObjective, SlaSubject } from './objective.ts';
import type { AgentCount, SlaCount } from './sla-sums.ts';

/** What came of saying something of a subject. `unknown`: no such agent; `full`: as many agents have objectives as may. */
export type ObjectiveOutcome =
  { readonly kind: 'set'; readonly holdsFrom: Date } | { readonly kind: 'unknown' } | { readonly kind: 'full' };

/** Which tasks a report is about. */
export interface ReportRequest {
  /** `YYYY-MM` of UTC; null: the one in progress. */
  readonly month: string | null;
  /** Null: every agent. */
  readonly agentName: string | null;
  /** Of the agents. */
  readonly page: PageRequest;
}

/** What is kept of a month. Without an agent of that name in it, `agent` is null. */
export interface ReportFacts {
  /** By the database's clock, as the hours are. */
  readonly now: Date;
  readonly from: Date;
  readonly to: Date;
  /** Null when nothing ended. */
  readonly total: SlaCount | null;
  /** Tiers in which something ended. */
  readonly tiers: ReadonlyMap<AgentTier, SlaCount>;
  readonly agents: Page<AgentCount>;
  /** What was said to hold from hours of the month on; at most `limits.slaChangesShownMax`. */
  readonly changes: readonly ObjectiveChange[];
  /** What was said of tiers, and of the wanted agent, as it holds at the end of the month, or now. */
  readonly inForce: readonly ObjectiveChange[];
  /** Tier of the wanted agent, registered or not any more; null where none was wanted or none is known. */
  readonly agentTier: AgentTier | null;
  /** Entries of the audit chain that were not looked at yet: tasks that ended may be among them. */
  readonly pendingEntries: number;
}

/**
 * Objectives and counts. Promises of an implementation: a change and its audit entry are one transaction, and hold from the next full hour
 * on; what was counted is never judged again. Rejects with `platform.unavailable`.
 */
export interface SlaStore {
  /** The last word on each tier, and a page of agents in the order of their names; the cursor is a name. What was taken back is left out. */
  list(
    tenantId: TenantId,
    page: PageRequest,
  ): Promise<{ readonly tiers: readonly ObjectiveChange[]; readonly agents: Page<ObjectiveChange> }>;
  set(subject: SlaSubject, objective: SlaObjective, entry: NewAuditEntry): Promise<ObjectiveOutcome>;
  /** False when nothing was said. */
  unset(subject: SlaSubject, entry: NewAuditEntry): Promise<boolean>;
  report(tenantId: TenantId, request: ReportRequest): Promise<ReportFacts>;
}

/** What ended tasks are judged by. */
export interface CountingRules {
  /** Codes of failures that count neither way. */
  readonly excusingCodes: readonly string[];
  /** What is promised of the agents of each tier when their tenant has said nothing. */
  readonly defaults: readonly (SlaObjective & { readonly tier: AgentTier })[];
}

/** What one counting came to. */
export interface Counting {
  /** Entries of audit chains that were looked at, and the ended tasks among them. */
  readonly entries: number;
  readonly tasks: number;
  readonly failed: number;
  readonly late: number;
  /** Whether there may be more. */
  readonly isFull: boolean;
}

/**
 * Counts tasks that ended. Promises of an implementation: each end is counted once, in one transaction with the place up to which all is
 * counted, whatever dies and however many processes count at once.
 */
export interface SlaCounter {
  count(rules: CountingRules): Promise<Counting>;
}
