import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { AuditArchive, KeptCheckpoint, KeptEntry } from './audit-archive.ts';
import type { RetentionStore } from './retention-store.ts';
import type { ChainEnd } from './sealed-record.ts';

/** Reads subtrees of a tenant's Merkle tree from the stored rows. */
export type ReadHashes = (level: number, first: number, count: number) => Promise<readonly string[]>;

/** Proofs of RFC 9162 section 2.1 over a tenant's chain. */
export interface ChainProofs {
  /** The hashes from leaf `index` (from 0) to the root over the first `size`, and that root. */
  inclusion(read: ReadHashes, index: number, size: number): Promise<ChainProof>;
  /** The hashes that show the first `size` to begin with the first `earlier`, and the root over `size`. */
  consistency(read: ReadHashes, earlier: number, size: number): Promise<ChainProof>;
}

/** All hashes are 64 hex digits. */
export interface ChainProof {
  readonly root: string;
  readonly proof: readonly string[];
}

interface ChainPorts {
  readonly archive: AuditArchive;
}

interface ProofPorts extends ChainPorts {
  readonly proofs: ChainProofs;
  readonly retentions: Pick<RetentionStore, 'find'>;
}

/** A part of the caller's tenant's chain, in its order. */
export function exportAudit({ archive }: ChainPorts) {
  return (caller: Caller, afterSeq: number, limit: number): Promise<readonly KeptEntry[]> =>
    archive.readSealed(caller.tenant.id, afterSeq, limit);
}

/** Checkpoints of the caller's tenant over more entries than `afterSize`, one more than `limit` when there are more. */
export function listAuditCheckpoints({ archive }: ChainPorts) {
  return (caller: Caller, afterSize: number, limit: number): Promise<readonly KeptCheckpoint[]> =>
    archive.listCheckpoints(caller.tenant.id, afterSize, limit + 1);
}

/** Proof that entry `seq` is among the first `size`; null takes all. Throws `request.invalid` for places that the chain has not. */
export function proveInclusion({ archive, proofs, retentions }: ProofPorts) {
  return async (
    caller: Caller,
    seq: number,
    size: number | null,
  ): Promise<ChainProof & { leaf: string; size: number }> => {
    const end = await endOf(archive, caller);
    const whole = size ?? end.lastSeq;
    demand(seq <= whole && whole <= end.lastSeq, 'size', 'must not be less than seq or more than the chain has');
    const { prunedSeq } = await retentions.find(caller.tenant.id);
    demand(seq > prunedSeq, 'seq', 'was pruned');
    const read = readerOf(archive, caller);
    const [leaf = ''] = await read(0, seq - 1, 1);
    return { ...(await proofs.inclusion(read, seq - 1, whole)), leaf, size: whole };
  };
}

/** Proof that the first `size` entries begin with the first `earlier`. Throws `request.invalid` for sizes that the chain has not had. */
export function proveConsistency({ archive, proofs, retentions }: ProofPorts) {
  return async (caller: Caller, earlier: number, size: number | null): Promise<ChainProof & { size: number }> => {
    const end = await endOf(archive, caller);
    const whole = size ?? end.lastSeq;
    demand(
      earlier <= whole && whole <= end.lastSeq,
      'size',
      'must not be less than earlier or more than the chain has',
    );
    const { prunedSeq } = await retentions.find(caller.tenant.id);
    demand(earlier >= prunedSeq, 'earlier', 'was pruned');
    return { ...(await proofs.consistency(readerOf(archive, caller), earlier, whole)), size: whole };
  };
}

function readerOf(archive: AuditArchive, { tenant }: Caller): ReadHashes {
  return (level, first, count) => archive.readHashes(tenant.id, level, first, count);
}

async function endOf(archive: AuditArchive, { tenant }: Caller): Promise<ChainEnd> {
  const end = await archive.findEnd(tenant.id);
  demand(end !== null, 'size', 'nothing is sealed yet');
  return end;
}

function demand(holds: boolean, field: string, description: string): asserts holds {
  if (!holds) throw new PlatformError('request.invalid', { violations: [{ field, description }] });
}
