import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { ChainEnd, EntryToSeal, KeptNode, SealedEntry } from './sealed-record.ts';

/** How far sealing has come: the last entry that was read, in the order of the transactions that wrote the entries. */
export interface SealPlace {
  /** Transaction id, in decimal digits. */
  readonly writtenIn: string;
  /** Uuid. */
  readonly entryId: string;
}

/** The right to seal for a while. */
export interface SealTerm {
  readonly holderId: NodeId;
  /** Grows with every new holder, in decimal digits. */
  readonly term: string;
  readonly place: SealPlace;
}

/** The next entries, and the place that sealing them leads to. */
export interface SealWindow {
  readonly entries: readonly EntryToSeal[];
  readonly place: SealPlace;
  /** Whether there may be more. */
  readonly isFull: boolean;
}

/** The rows that one sealing adds. */
export interface SealBatch {
  readonly from: SealTerm;
  readonly to: SealPlace;
  readonly sealed: readonly SealedEntry[];
  readonly ends: readonly ChainEnd[];
  readonly nodes: readonly KeptNode[];
}

/** SHA-256 over the parts of a task's log, in hex. */
export interface TaskContent {
  readonly input: string;
  readonly output: string;
}

/** A chain that has grown beyond its last checkpoint. */
export interface DueChain extends ChainEnd {
  readonly checkpointSeq: number;
}

/** A chain that has a checkpoint. */
export interface SignedChain {
  readonly tenantId: TenantId;
  readonly size: number;
}

/**
 * The database port of sealing. Promises of an implementation: `next` gives every committed entry once it cannot be preceded by
 * one that is not committed yet, and no entry that is sealed; `append` is one transaction, and does nothing for a term that is over or
 * a place that has moved; nothing that was sealed can be changed or removed.
 */
export interface SealStore {
  /** Takes or keeps the right to seal for `holdMs`; null while another holds it. */
  claim(holderId: NodeId, holdMs: number): Promise<SealTerm | null>;
  /** Gives the right away, so that another need not wait. */
  release(holderId: NodeId): Promise<void>;
  /** At most `limit` entries after the term's place. */
  next(term: SealTerm, limit: number): Promise<SealWindow>;
  /** The ends of these tenants' chains; a tenant without a chain is left out. */
  endsOf(tenantIds: readonly TenantId[]): Promise<readonly ChainEnd[]>;
  /** The input and output digests of these tasks; a task without a log is left out. */
  contentOf(
    tasks: readonly { readonly tenantId: TenantId; readonly taskId: TaskId }[],
  ): Promise<ReadonlyMap<TaskId, TaskContent>>;
  /** Resolves with whether the batch was written. */
  append(batch: SealBatch): Promise<boolean>;
  /** Chains with at least `recordsMin` records since their last checkpoint, or with any when that one is `ageMs` old; at most `limit`. */
  due(recordsMin: number, ageMs: number, limit: number): Promise<readonly DueChain[]>;
  /** Notes a checkpoint that has been written outside. */
  noteCheckpoint(tenantId: TenantId, size: number, line: string): Promise<void>;
  /** The chains that were signed last, with the size that was signed; at most `limit`. */
  signed(limit: number): Promise<readonly SignedChain[]>;
  /** How long the oldest entry that is not sealed has been waiting; 0 when all are. */
  lagMs(): Promise<number>;
}
