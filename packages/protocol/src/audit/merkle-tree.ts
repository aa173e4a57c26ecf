import type { AuditHashes } from './audit-hashes.ts';

/** A Merkle tree over a growing list (RFC 9162 section 2.1), as little of it as its root and its next leaf need. */
export interface MerkleTree {
  /** Leaves so far. */
  readonly size: number;
  /** Roots of the complete subtrees, the largest first: one for each binary digit 1 of `size`. */
  readonly peaks: readonly string[];
}

/** A subtree that an added leaf completed. */
export interface CompletedNode {
  /** Its leaves are 2 to this power; 0 is a leaf. */
  readonly level: number;
  /** Its place among the subtrees of its level, from 0. */
  readonly position: number;
  readonly hash: string;
}

/** The tree without leaves. */
export const emptyTree: MerkleTree = { size: 0, peaks: [] };

/** The tree with one more leaf. `onNode` hears of every subtree that this leaf completes, the leaf itself left out. */
export function withLeaf(
  { size, peaks }: MerkleTree,
  leaf: string,
  hashes: AuditHashes,
  onNode?: (node: CompletedNode) => void,
): MerkleTree {
  const left = [...peaks];
  let hash = leaf;
  let level = 0;
  for (let position = size; position % 2 === 1;) {
    const sibling = left.pop();
    if (sibling === undefined) throw new TypeError('The tree has fewer peaks than its size says.');
    hash = hashes.node(sibling, hash);
    level += 1;
    position = (position - 1) / 2;
    onNode?.({ level, position, hash });
  }
  return { size: size + 1, peaks: [...left, hash] };
}

/** The root over all leaves (RFC 9162 section 2.1.1). */
export function rootOf({ peaks }: MerkleTree, hashes: AuditHashes): string {
  const [last, ...larger] = peaks.toReversed();
  if (last === undefined) return hashes.empty;
  return larger.reduce((right, left) => hashes.node(left, right), last);
}

/** Reads the root of a complete subtree: its leaves are 2 to the power of `level`, the first is `position` times as many. */
export type ReadSubtree = (level: number, position: number) => Promise<string>;

/** The way from leaf `index` (from 0) to the root of the first `size` leaves (RFC 9162 section 2.1.3.1), the leaf's sibling first. */
export async function inclusionProof(
  index: number,
  size: number,
  read: ReadSubtree,
  hashes: AuditHashes,
): Promise<readonly string[]> {
  const proof: string[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const isLeft = index < middle;
    proof.unshift(await rangeHash(isLeft ? [middle, end] : [start, middle], read, hashes));
    [start, end] = isLeft ? [start, middle] : [middle, end];
  }
  return proof;
}

/** Proof that the first `size` leaves begin with the first `earlier` (RFC 9162 section 2.1.4.1); `earlier` is at least 1. */
export async function consistencyProof(
  earlier: number,
  size: number,
  read: ReadSubtree,
  hashes: AuditHashes,
): Promise<readonly string[]> {
  const proof: string[] = [];
  let [start, end] = [0, size];
  // Whether the earlier root is what the reader has anyway.
  let isWhole = true;
  while (end !== earlier) {
    const middle = start + splitOf(end - start);
    const isLeft = earlier <= middle;
    proof.unshift(await rangeHash(isLeft ? [middle, end] : [start, middle], read, hashes));
    if (!isLeft) isWhole = false;
    [start, end] = isLeft ? [start, middle] : [middle, end];
  }
  return isWhole ? proof : [await rangeHash([start, end], read, hashes), ...proof];
}

/** The root over the first `size` leaves. */
export async function rootAt(size: number, read: ReadSubtree, hashes: AuditHashes): Promise<string> {
  return size === 0 ? hashes.empty : rangeHash([0, size], read, hashes);
}

/** The root over leaves from the first to before the last; the first is a multiple of every power of two that the range is split by. */
async function rangeHash(
  [start, end]: readonly [number, number],
  read: ReadSubtree,
  hashes: AuditHashes,
): Promise<string> {
  const length = end - start;
  const split = length === 1 ? 1 : splitOf(length);
  if (length === 1 || split * 2 === length) return read(Math.log2(length), start / length);
  const left = await rangeHash([start, start + split], read, hashes);
  return hashes.node(left, await rangeHash([start + split, end], read, hashes));
}

/** The largest power of two below `length`. */
function splitOf(length: number): number {
  let split = 1;
  while (split * 2 < length) split *= 2;
  return split;
}
