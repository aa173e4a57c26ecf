import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../figures/statistics.ts';
import { agentAt, skillAt } from './fill.ts';
import type { RegistryPlan } from './plan.ts';
import type { Reader, RegistryStage } from './stage.ts';

/** How soon changes are seen at every other node, and what failed meanwhile. */
export interface ChangeFigures {
  readonly changes: number;
  readonly p50Ms: number;
  readonly maxMs: number;
  /** Reads under way at all nodes while cards changed, and those that failed. */
  readonly reads: number;
  readonly failures: number;
}

const seenMsMax = 5_000;
/** Between two reads of the load at a node: steady work for it, and not all that this machine can do. */
const loadPauseMs = 8;

/** Changes cards at the first node and asks all others for them, while every node answers searches and cards. */
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

/** From the answer of the node that changed it until a search and the card at every other node have it; they all knew the answers of before. */
async function change(stage: RegistryStage, { slug, authorization }: Reader, at: number): Promise<number> {
  const department = `moved-${at}`;
  const name = agentAt(1 + at);
  const base = `/api/v1/tenants/${slug}`;
  const views = [
    `${base}/agent-search?department=${department}`,
    `/t/${slug}/agents/${name}/.well-known/agent-card.json`,
  ];
  const [changing = '', ...others] = stage.nodes;
  // One poll at a time at each node, so that polling is not the load that is measured.
  const isSeenAt = async (node: string): Promise<boolean> => {
    for (const view of views) {
      const response = await fetch(node + view, { headers: { authorization } });
      if (!(await response.text()).includes(department)) return false;
    }
    return true;
  };
  // Twice, so that the answers of before are kept.
  for (const nodes of [others, others]) {
    if ((await Promise.all(nodes.map(isSeenAt))).includes(true)) throw new Error(`${department} is there already`);
  }
  const changed = await fetch(`${changing}${base}/agents/${name}/profile`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ profile: { department } }),
  });
  const startedMs = performance.now();
  if (!changed.ok) throw new Error(`the change was refused: ${await changed.text()}`);
  const untilSeen = async (node: string): Promise<number> => {
    while (!(await isSeenAt(node))) if (performance.now() - startedMs > seenMsMax) return Infinity;
    return performance.now() - startedMs;
  };
  return Math.max(...(await Promise.all(others.map(untilSeen))));
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
      await wait(loadPauseMs);
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
