import { percentile } from '../figures/statistics.ts';
import type { Ask, ReadOrder, ReadResult } from '../load/reader.ts';
import { runGenerator } from '../load/run-generator.ts';
import { agentAt, skillAt, wordAt } from './fill.ts';
import type { RegistryPlan } from './plan.ts';
import type { Reader, RegistryStage } from './stage.ts';

/** The n-th read of a reader. */
interface Reading {
  readonly name: string;
  readonly p99MsMax: number | null;
  readonly pathOf: (at: number, reader: Reader, plan: RegistryPlan) => string;
}

/** One kind of read. */
export interface ReadFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Agents in an answer, on average. */
  readonly found: number;
  readonly failures: number;
  readonly p99MsMax: number | null;
}

const search = (query: string) => (reader: Reader) => `/api/v1/tenants/${reader.slug}/agent-search?${query}`;

/** In the full plan no two searches of a kind ask the same, so that none is answered from memory; cards are answered from it. */
const readings: readonly Reading[] = [
  {
    name: 'by skill',
    p99MsMax: 5,
    pathOf: (at, reader, plan) => search(`skill=${skillAt(Math.floor(at / plan.tenants))}`)(reader),
  },
  {
    name: 'by skill, tier and region',
    p99MsMax: null,
    pathOf: (at, reader, plan) =>
      search(`skill=${skillAt(Math.floor(at / plan.tenants))}&tier=gold&region=region-${at % 4}`)(reader),
  },
  {
    name: 'by department',
    p99MsMax: null,
    pathOf: (at, reader, plan) =>
      search(`department=department-${at % 20}&limit=${1 + (Math.floor(at / plan.tenants) % 100)}`)(reader),
  },
  {
    name: 'full text, one word',
    p99MsMax: 20,
    pathOf: (at, reader, plan) => search(`text=${wordAt(Math.floor(at / plan.tenants) * 7)}`)(reader),
  },
  {
    name: 'full text, two words',
    p99MsMax: 20,
    pathOf: (at, reader, plan) => {
      const turn = Math.floor(at / plan.tenants);
      return search(`text=${wordAt(turn * 7)}+or+${wordAt(turn * 13 + 1)}`)(reader);
    },
  },
  {
    name: 'card',
    p99MsMax: 2,
    pathOf: (at, reader, plan) =>
      `/t/${reader.slug}/agents/${agentAt(1 + ((at % plan.agentsPerTenant) % 20))}/.well-known/agent-card.json`,
  },
];

/** Measures every kind of read at the first node, from a closed loop of the plan's readers. */
export async function measureReads(stage: RegistryStage, plan: RegistryPlan): Promise<ReadFigures[]> {
  const figures: ReadFigures[] = [];
  for (const reading of readings) figures.push(await measure(stage, plan, reading));
  return figures;
}

async function measure(stage: RegistryStage, plan: RegistryPlan, reading: Reading): Promise<ReadFigures> {
  const isCard = reading.name === 'card';
  const ask = (at: number): Ask => {
    const reader = stage.readers[at % stage.readers.length];
    if (reader === undefined) throw new Error('there are no readers');
    const path = reading.pathOf(isCard ? Math.floor(at / plan.tenants) : at, reader, plan);
    return { path, authorization: reader.authorization };
  };
  // Cards are signed when they are first shown and their signatures kept; that is what a warm-up is for.
  const warmups = Array.from({ length: isCard ? 20 * plan.tenants : plan.reads / 2 }, (_, at) =>
    ask(isCard ? at : plan.reads + at),
  );
  const asks = Array.from({ length: plan.reads }, (_, at) => ask(at));
  const order: ReadOrder = { origin: stage.nodes[0] ?? '', warmups, asks, readers: plan.readers };
  const { latenciesMs, found, failures } = await runGenerator<ReadResult>(
    new URL('../load/reader.ts', import.meta.url),
    order,
  );
  return {
    name: reading.name,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    maxMs: latenciesMs.at(-1) ?? 0,
    found: found / plan.reads,
    failures,
    p99MsMax: reading.p99MsMax,
  };
}
