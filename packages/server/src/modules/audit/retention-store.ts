import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from './audit-entry.ts';

/** How long a tenant keeps its audit entries. */
export interface AuditRetention {
  /** Days, at least; null: for ever. */
  readonly keepDays: number | null;
  /** Entries from the first on that were taken away; a checkpoint of exactly this size was signed. */
  readonly prunedSeq: number;
}

/** The end of a tenant's export: a place in its hash chain, and the hash of the entry there, as 64 hex digits. */
export interface ExportedPart {
  readonly throughSeq: number;
  readonly hash: string;
}

/** One portion that was taken away. */
export interface PrunedPortion {
  /** The chain begins behind this place now. */
  readonly throughSeq: number;
  readonly entries: number;
  /** False: more may go. */
  readonly isDone: boolean;
}

/**
 * Retention of audit entries. Promises of an implementation: a change and its audit entry are one transaction; only entries go that are
 * exported, under a signed checkpoint, and older than the tenant keeps them; one portion is `limits.auditPruneEntriesMax` entries at most.
 */
export interface RetentionStore {
  find(tenantId: TenantId): Promise<AuditRetention>;
  set(keepDays: number, entry: NewAuditEntry): Promise<void>;
  /** Takes a portion away, under an entry when there was one; null when the chain has another hash at that place. */
  prune(exported: ExportedPart, entry: NewAuditEntry): Promise<PrunedPortion | null>;
}
