import { setTimeout as wait } from 'node:timers/promises';
import type { LoadResult } from '@colloquy/bench/load/measurement';
import { runLoad } from '@colloquy/bench/load/run-load';
import { agentPath } from '@colloquy/bench/process/tenants';
import { connections } from './plan.ts';
import type { Illness, InstancesPlan } from './plan.ts';
import type { Replica } from './replica.ts';
import { neighbourAgent } from './stage.ts';
import type { Stage } from './stage.ts';

/** What was seen while both tenants sent: with one of three instances ill from the opening of the window on, or with all well. */
export interface Window {
  readonly agent: string;
  readonly illness: Illness | null;
  readonly victim: LoadResult;
  readonly neighbour: LoadResult;
  /** How the instance that was ill came to be left alone; null where none was, or when it never was. */
  readonly opened: Opening | null;
  /** Tasks that another instance was asked to do. */
  readonly retries: number;
}

/** A breaker that opened, or an instance that its health kept calls from before so many came that its breaker would have. */
export interface Opening {
  readonly by: 'breaker' | 'health';
  /** From the moment the instance fell ill; of its health, when the window closed. */
  readonly afterMs: number;
  /** Faults that it took: of a breaker in a row, of health all that there were in the window. */
  readonly failures: number;
}

export interface WindowOrder {
  readonly agent: string;
  readonly illness: Illness | null;
  readonly replica: Replica;
}

const bodyBytes = 1_024;
const pollMs = 20;

export async function openWindow(
  stage: Stage,
  plan: InstancesPlan,
  { agent, illness, replica }: WindowOrder,
): Promise<Window> {
  let opening: Promise<Opening | null> = Promise.resolve(null);
  const [victim, neighbour] = await Promise.all([
    load(stage, plan, { tenant: 'victim', agent }),
    load(
      stage,
      plan,
      { tenant: 'neighbour', agent: neighbourAgent },
      {
        opened() {
          if (illness === null) return;
          opening = replica
            .fallIll(illness)
            .then(() => untilOpen(stage, { agent, url: replica.urlOf(agent) }, plan.measureMs));
        },
        closed: () => undefined,
      },
    ),
  ]);
  const opened = await opening;
  await replica.getWell();
  return { agent, illness, victim, neighbour, opened, retries: await retriesOf(stage, agent) };
}

function load(
  { url, tokenOf }: Stage,
  { warmupMs, measureMs }: InstancesPlan,
  { tenant, agent }: { readonly tenant: 'victim' | 'neighbour'; readonly agent: string },
  observer?: Parameters<typeof runLoad>[1],
): Promise<LoadResult> {
  const { hostname, port } = new URL(url);
  const order = async (): Promise<LoadResult> =>
    runLoad(
      {
        host: hostname,
        port: Number(port),
        connections: connections[tenant],
        warmupMs,
        measureMs,
        bodyBytes,
        answer: 'task',
        targets: [{ path: agentPath(tenant, agent), token: await tokenOf(tenant) }],
      },
      observer,
    );
  return order();
}

/** The breaker of the instance at `url` as all processes share it; undefined while it is as if it had never been. */
export async function breakerAt(
  { database }: Stage,
  url: string,
): Promise<{ readonly failures: number; readonly isOpen: boolean } | undefined> {
  const [row] = await database.read<{ failures: number; isOpen: boolean }>(
    `select b.failures, b.open_until is not null as "isOpen"
     from colloquy.agent_instances i join colloquy.instance_breakers b using (tenant_id, instance_id) where i.url = $1`,
    [url],
  );
  return row;
}

async function untilOpen(
  stage: Stage,
  { agent, url }: { readonly agent: string; readonly url: string },
  msMax: number,
): Promise<Opening | null> {
  const startedMs = performance.now();
  for (;;) {
    const afterMs = performance.now() - startedMs;
    const breaker = await breakerAt(stage, url);
    if (breaker?.isOpen === true) return { by: 'breaker', afterMs, failures: breaker.failures };
    // Each fault has its task tried at another instance.
    if (afterMs > msMax)
      return (await isUnhealthy(stage, url))
        ? { by: 'health', afterMs, failures: await retriesOf(stage, agent) }
        : null;
    await wait(pollMs);
  }
}

async function isUnhealthy({ database }: Stage, url: string): Promise<boolean> {
  const [row] = await database.read<{ health: string }>(
    `select health from colloquy.agent_instances where url = $1 and left_at is null`,
    [url],
  );
  return row?.health === 'unhealthy';
}

async function retriesOf({ database }: Stage, agent: string): Promise<number> {
  const [row] = await database.read<{ count: number }>(
    `select count(*)::int as count from colloquy.task_tries where agent_name = $1 and kind in ('retry', 'hedge')`,
    [agent],
  );
  return row?.count ?? 0;
}
