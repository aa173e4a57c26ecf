/** Finds circles in a directed graph. */

/**
 * One circle for each group of nodes that can all reach each other (Tarjan's strongly connected components), as the
 * way around it: the first node again at the end. Arrows to nodes that are not in the graph are ignored.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const groups = new Components(graph).groups;
  return groups.map((group) => wayAround(group, graph)).filter((way) => way.length > 1);
}

class Components {
  readonly groups: string[][] = [];
  readonly #graph: ReadonlyMap<string, readonly string[]>;
  readonly #order = new Map<string, number>();
  readonly #stack: string[] = [];

  constructor(graph: ReadonlyMap<string, readonly string[]>) {
    this.#graph = graph;
    for (const node of graph.keys()) if (!this.#order.has(node)) this.#enter(node);
  }

  #enter(node: string): number {
    const place = this.#order.size;
    let lowest = place;
    this.#order.set(node, place);
    this.#stack.push(node);
    for (const next of this.#graph.get(node) ?? []) {
      if (!this.#graph.has(next)) continue;
      const seen = this.#order.get(next);
      if (seen === undefined) lowest = Math.min(lowest, this.#enter(next));
      else if (this.#stack.includes(next)) lowest = Math.min(lowest, seen);
    }
    if (lowest === place) this.groups.push(this.#stack.splice(this.#stack.indexOf(node)));
    return lowest;
  }
}

/** The shortest way from the first node of the group back to itself; empty when there is none. */
function wayAround(group: readonly string[], graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [first = ''] = group;
  const members = new Set(group);
  const waiting: string[][] = [[first]];
  const seen = new Set<string>();
  for (let way = waiting.shift(); way !== undefined; way = waiting.shift()) {
    for (const next of graph.get(way.at(-1) ?? '') ?? []) {
      if (next === first) return [...way, first];
      if (!members.has(next) || seen.has(next)) continue;
      seen.add(next);
      waiting.push([...way, next]);
    }
  }
  return [];
}
