import type { TenantId } from '../../kernel/ids.ts';
import type { ChainEnd, ContentDigests, EntryToSeal, KeptNode, SealedEntry } from './sealed-record.ts';

/** Entries of one tenant on their way into its chain. */
export interface ChainGrowth {
  readonly end: ChainEnd;
  readonly sealed: readonly SealedEntry[];
  readonly nodes: readonly KeptNode[];
}

/** The hashing of the chain and its Merkle tree, and the signing of checkpoints, in the published form. */
export interface Sealing {
  /** The hash chain with these entries appended; null begins one. Calls `digestsOf` once for each entry. It yields to the event loop meanwhile. */
  extend(
    tenantId: TenantId,
    end: ChainEnd | null,
    entries: readonly EntryToSeal[],
    digestsOf: (entry: EntryToSeal) => ContentDigests | null,
  ): Promise<ChainGrowth>;
  /** A signed line about the chain as it ends now. */
  checkpointLine(end: ChainEnd, atMs: number): string;
  /** Keyed digests: equal content of two tenants has two digests, and without the key a reader cannot test guessed contents. */
  digestsOf(tenantId: TenantId, content: { readonly input: string; readonly output: string }): ContentDigests;
}

/**
 * Where checkpoints go, outside of the database: a store of objects that are written once under a key and never changed. Resolves when
 * the line would survive a loss of power. Writing the same checkpoint again changes nothing that a reader would notice.
 */
export interface CheckpointSink {
  put(tenantId: TenantId, size: number, line: string): Promise<void>;
  /** Whether a checkpoint over so many records, or over more, is there. */
  has(tenantId: TenantId, size: number): Promise<boolean>;
}
