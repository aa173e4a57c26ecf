import type { JsonObject } from '@colloquy/protocol';
import type { TenantId } from '../../kernel/ids.ts';

/** The input and the output of a task, each as a keyed digest in hex: HMAC-SHA-256 over the SHA-256 of that part of its log. */
export type ContentDigests = Readonly<Record<'input' | 'output', string>>;

/** An audit entry exactly as it is stored; this form is sealed. */
export interface EntryToSeal {
  readonly tenantId: TenantId;
  /** `ent_` and 32 hex digits. */
  readonly entryId: string;
  /** RFC 3339 with microseconds, in UTC. */
  readonly occurredAt: string;
  readonly actorId: string;
  readonly action: string;
  readonly outcome: string;
  readonly resource: string;
  readonly requestId: string;
  readonly facts: JsonObject;
}

/** An entry with its place in its tenant's chain. */
export interface SealedEntry {
  readonly entry: EntryToSeal;
  readonly seq: number;
  /** 64 hex digits. */
  readonly hash: string;
  readonly digests: ContentDigests | null;
}

/** Where a tenant's chain ends. All hashes are 64 lower-case hex digits. */
export interface ChainEnd {
  readonly tenantId: TenantId;
  readonly lastSeq: number;
  readonly head: string;
  /** Roots of the complete subtrees of its Merkle tree, the largest first. */
  readonly peaks: readonly string[];
}

/** The root of a complete subtree of a tenant's Merkle tree, of a level that is stored. */
export interface KeptNode {
  readonly tenantId: TenantId;
  readonly level: number;
  readonly position: number;
  readonly hash: string;
}
