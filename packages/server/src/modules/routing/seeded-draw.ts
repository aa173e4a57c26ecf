/**
 * Reproducible randomness: the same seed and draw number give the same value on every node. The values are evenly distributed and not secret.
 */
export function drawAt(seed: number, nth: number): number {
  return mixed((seed + Math.imul(nth + 1, 0x9e3779b9)) | 0) / 0x1_0000_0000;
}

/** A seed, an integer of 32 bits, from a text: equal texts, equal seeds. FNV-1a. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

/** The finalizer of MurmurHash3: every output bit depends on every input bit. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** One of the items, each as likely as its weight says. Undefined when there is none, or none with a weight. */
export function drawWeighted<Item>(
  items: readonly Item[],
  weightOf: (item: Item) => number,
  value: number,
): Item | undefined {
  const total = items.reduce((sum, item) => sum + weightOf(item), 0);
  let rest = value * total;
  for (const item of items) {
    const weight = weightOf(item);
    if (weight > 0 && rest < weight) return item;
    rest -= weight;
  }
  return items.findLast((item) => weightOf(item) > 0);
}
