import { percentile } from '../compare/statistics.ts';
import { agentAt, skillAt } from './fill.ts';
import type { RegistryPlan } from './plan.ts';
import type { Reader, RegistryStage } from './stage.ts';

/** How soon changes are seen at the other node, and what failed meanwhile. */
export interface ChangeFigures {
  readonly changes: number;
  readonly p50Ms: number;
  readonly maxMs: number;
  /** Reads under way at both nodes while cards changed, and those that failed. */
  readonly reads: number;
  readonly failures: number;
}

const seenMsMax = 5_000;

/** Changes cards at the first node and asks the second one for them, while both answer searches and cards. */
export async function measureChanges(stage: RegistryStage, plan: RegistryPlan): Promise<ChangeFigures> {
  const load = startLoad(stage);
  const seen: number[] = [];
  try {
    for (let at = 0; at < plan.changes; at += 1) {
      const reader = stage.readers[at % stage.readers.length];
      if (reader !== undefined) seen.push(await change(stage, reader, at));
    }
  } finally {
    await load.stop();
  }
  const { reads, failures } = await load.stop();
  const sorted = seen.toSorted((one, other) => one - other);
  return { changes: seen.length, p50Ms: percentile(sorted, 0.5), maxMs: sorted.at(-1) ?? Infinity, reads, failures };
}

/** From the answer of the node that changed it to the first answer of the other that has it; the other knew the answer of before. */
async function change(stage: RegistryStage, { slug, authorization }: Reader, at: number): Promise<number> {
  const department = `moved-${at}`;
  const base = `/api/v1/tenants/${slug}`;
  const isThere = async (): Promise<boolean> => {
    const response = await fetch(`${stage.nodes[1]}${base}/agent-search?department=${department}`, {
      headers: { authorization },
    });
    return ((await response.json()) as { items?: readonly unknown[] }).items?.length === 1;
  };
  if (await isThere()) throw new Error(`${department} is there already`);
  const changed = await fetch(`${stage.nodes[0]}${base}/agents/${agentAt(1 + at)}/profile`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ profile: { department } }),
  });
  const startedMs = performance.now();
  if (!changed.ok) throw new Error(`the change was refused: ${await changed.text()}`);
  while (!(await isThere())) {
    if (performance.now() - startedMs > seenMsMax) return Infinity;
  }
  return performance.now() - startedMs;
}

/** Searches and cards, one after the other at each node, until it is stopped. */
function startLoad(stage: RegistryStage): { stop(): Promise<{ reads: number; failures: number }> } {
  const over = new AbortController();
  let [reads, failures] = [0, 0];
  const loop = async (node: string): Promise<void> => {
    while (!over.signal.aborted) {
      const reader = stage.readers[reads % stage.readers.length];
      const path =
        reads % 2 === 0
          ? `/api/v1/tenants/${reader?.slug ?? ''}/agent-search?skill=${skillAt(reads)}`
          : `/t/${reader?.slug ?? ''}/agents/${agentAt(1 + (reads % 20))}/.well-known/agent-card.json`;
      reads += 1;
      const headers = { authorization: reader?.authorization ?? '' };
      const isGood = await fetch(node + path, { headers }).then(
        async (response) => (await response.text()) !== '' && response.ok,
        () => false,
      );
      if (!isGood) failures += 1;
    }
  };
  const loops = stage.nodes.map(loop);
  return {
    async stop() {
      over.abort();
      await Promise.all(loops);
      return { reads, failures };
    },
  };
}
