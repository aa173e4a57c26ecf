import type { TenantId } from '../../kernel/ids.ts';
import type { AuditOutcome } from './audit-entry.ts';
import type { ChainEnd, ContentDigests, EntryToSeal } from './sealed-record.ts';

/** Filter for sealed entries. Null matches any. */
export interface AuditSearch {
  /** Milliseconds since the epoch; entries from then on. */
  readonly fromMs: number | null;
  /** Entries before then. */
  readonly untilMs: number | null;
  readonly actorId: string | null;
  readonly action: string | null;
  readonly resource: string | null;
  readonly outcome: AuditOutcome | null;
}

/** A place in the results: the time of an entry and its sequence. */
export interface SearchPlace {
  /** Microseconds since the epoch. */
  readonly occurredAtMicros: number;
  readonly seq: number;
}

/** An entry of a hash chain as the database holds it now. */
export interface KeptEntry {
  readonly seq: number;
  readonly hash: string;
  readonly digests: ContentDigests | null;
  /** Null: the hash chain has the entry and the log does not, so it was removed by hand. */
  readonly entry: EntryToSeal | null;
}

/** A checkpoint as it was signed. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly line: string;
  readonly createdAt: Date;
}

/**
 * Reads sealed entries. Promises of an implementation: no method shows another tenant's entry, and each page is read along an index,
 * however long the chain is.
 */
export interface AuditArchive {
  /** At most `limit` entries, the newest first, behind the place. */
  search(
    tenantId: TenantId,
    wanted: AuditSearch,
    after: SearchPlace | null,
    limit: number,
  ): Promise<readonly KeptEntry[]>;
  /** At most `limit` entries after this sequence, in the order of the chain. */
  readSealed(tenantId: TenantId, afterSeq: number, limit: number): Promise<readonly KeptEntry[]>;
  /** At most `limit` checkpoints over more entries than this, the shortest first. */
  listCheckpoints(tenantId: TenantId, afterSize: number, limit: number): Promise<readonly KeptCheckpoint[]>;
  /** Where the chain ends; null for a tenant without one. */
  findEnd(tenantId: TenantId): Promise<ChainEnd | null>;
  /** `count` hashes from `first` on, of leaves (level 0) or of stored subtrees. */
  readHashes(tenantId: TenantId, level: number, first: number, count: number): Promise<readonly string[]>;
}
