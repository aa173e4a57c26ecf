import { limits } from '../../kernel/limits.ts';
import { million, millionthsOfCount } from './millionths.ts';

/** A member, an element, or all of them (null). */
type Segment = string | number | null;

/** A parsed path over the inputs of a call. */
export interface ItemPath {
  readonly segments: readonly Segment[];
  /** Has a wildcard: the nodes that it finds are counted. Without one it finds one node at most, and that node says the number. */
  readonly isCounting: boolean;
}

/** One segment of the subset of RFC 9535: a member, an element, or all. */
const segmentShape =
  /\.(\*|[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)|\[(?:(\*)|(-?(?:0|[1-9]\d{0,8}))|'([^'\\]*)'|"([^"\\]*)")\]/y;

/**
 * A path as RFC 9535 writes it, of names, indices and wildcards only: no filters, slices and descendants, so a path reads each node once and
 * its time is bounded. Null for any other text.
 */
export function parseItemPath(text: string): ItemPath | null {
  if (text.length > limits.pricePathCharsMax || !text.startsWith('$')) return null;
  const segments: Segment[] = [];
  segmentShape.lastIndex = 1;
  while (segmentShape.lastIndex < text.length) {
    const found = segmentShape.exec(text);
    if (found === null || segments.length === limits.pricePathSegmentsMax) return null;
    const [, dotted, star, index, single, double] = found;
    if (index !== undefined) segments.push(Number(index));
    else segments.push(dotted === '*' || star !== undefined ? null : (dotted ?? single ?? double ?? ''));
  }
  return { segments, isCounting: segments.includes(null) };
}

/** Why the inputs do not say a number of items. */
export const itemProblems = ['no-inputs', 'not-a-number', 'negative', 'too-large', 'too-many-nodes'] as const;
export type ItemProblem = (typeof itemProblems)[number];

/**
 * How many items the inputs have, in millionths. A path with a wildcard counts the nodes that it finds. Any other path finds one node: a list
 * counts its elements, a number is the count, and null or no node is 0.
 */
export function countItems({ segments, isCounting }: ItemPath, inputs: unknown): bigint | ItemProblem {
  let nodes: readonly unknown[] = [inputs];
  let readCount = 0;
  for (const segment of segments) {
    const next: unknown[] = [];
    for (const node of nodes) {
      const found = segment === null ? childrenOf(node) : childOf(node, segment);
      readCount += found.length;
      if (readCount > limits.pricePathNodesMax) return 'too-many-nodes';
      // A spread of so many elements would overflow the stack.
      for (const child of found) next.push(child);
    }
    nodes = next;
  }
  return isCounting ? BigInt(nodes.length) * million : countOf(nodes[0]);
}

function countOf(node: unknown): bigint | ItemProblem {
  if (node === undefined || node === null) return 0n;
  if (Array.isArray(node)) return BigInt(node.length) * million;
  if (typeof node !== 'number' || !Number.isFinite(node)) return 'not-a-number';
  return millionthsOfCount(node) ?? (node < 0 ? 'negative' : 'too-large');
}

function childrenOf(node: unknown): readonly unknown[] {
  if (Array.isArray(node)) return node;
  return typeof node === 'object' && node !== null ? Object.values(node) : [];
}

/** Own members only: nothing of the value's prototype is reachable. */
function childOf(node: unknown, segment: string | number): readonly unknown[] {
  if (Array.isArray(node)) {
    const at = typeof segment === 'number' ? (segment < 0 ? node.length + segment : segment) : -1;
    return at >= 0 && at < node.length ? [node[at]] : [];
  }
  if (typeof node !== 'object' || node === null || typeof segment === 'number') return [];
  const member = Object.getOwnPropertyDescriptor(node, segment);
  return member === undefined ? [] : [member.value];
}
