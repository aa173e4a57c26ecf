/** About as many bytes as a JSON value takes, without writing it. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length + nodeBytes;
  if (typeof value !== 'object' || value === null) return nodeBytes;
  let weight = nodeBytes;
  for (const member of Object.values(value)) weight += nodeBytes + weightOf(member);
  return weight;
}

const nodeBytes = 16;
