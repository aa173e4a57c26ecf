import type { AuditHashes } from './audit-hashes.ts';

/** A claim that a leaf lies at a place of a tree. */
export interface InclusionClaim {
  readonly leaf: string;
  /** The leaf's place, from 0. */
  readonly index: number;
  readonly size: number;
  readonly root: string;
  readonly proof: readonly string[];
}

/** Whether the proof leads from the leaf to the root (RFC 9162 section 2.1.3.2). */
export function isIncluded({ leaf, index, size, root, proof }: InclusionClaim, hashes: AuditHashes): boolean {
  if (index < 0 || index >= size) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = hashes.node(sibling, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = hashes.node(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash === root;
}

/** A claim that a tree begins with an earlier one. */
export interface ConsistencyClaim {
  readonly earlier: { readonly size: number; readonly root: string };
  readonly later: { readonly size: number; readonly root: string };
  readonly proof: readonly string[];
}

/** Whether the proof shows that the later tree holds the earlier one unchanged (RFC 9162 section 2.1.4.2). */
export function isConsistent({ earlier, later, proof }: ConsistencyClaim, hashes: AuditHashes): boolean {
  if (earlier.size < 1 || earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root === later.root;
  const [first, ...path] = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [place, last] = [earlier.size - 1, later.size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [early, late] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      early = hashes.node(sibling, early);
      late = hashes.node(sibling, late);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      late = hashes.node(late, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && early === earlier.root && late === later.root;
}

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
