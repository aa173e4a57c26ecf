import { setTimeout as wait } from 'node:timers/promises';
import type { LoadResult } from '@colloquy/bench/load/measurement';
import { runLoad } from '@colloquy/bench/load/run-load';
import { cpuMsOf, rssMbOf } from '@colloquy/bench/process/usage';
import { agentPath } from '@colloquy/bench/process/tenants';
import { attack } from './attack.ts';
import type { Attacker, Outcome } from './attacker.ts';
import { neighbourConnections } from './plan.ts';
import type { HostilePlan } from './plan.ts';
import { goodAgent } from './stage.ts';
import type { Stage } from './stage.ts';

/** What was seen while the neighbour sent: with hostile agents at work, or without any. */
export interface Window {
  readonly isHostile: boolean;
  readonly load: LoadResult;
  readonly outcomes: readonly Outcome[];
  /** Of the platform process, until the last task of the window has ended. */
  readonly rssMbMax: number;
  readonly rssMbAfter: number;
  /** Share of one core that the platform process took. */
  readonly cpuShare: number;
}

export const bodyBytes = 1_024;
const rssSampleMs = 50;
/** What a process holds right after its work is partly what it has not swept yet. */
const restMs = 500;

/** Who is at work while the neighbour sends. */
export interface Attack {
  readonly attackers: readonly Attacker[];
  /** The first task begins at once and the last after this time. */
  readonly spreadMs: number;
}

/** Lets the neighbour send for one window, beside an attack or without one. */
export async function openWindow(
  { platform, tokenOf }: Stage,
  plan: HostilePlan,
  launched: Attack | null,
): Promise<Window> {
  const { pid } = platform.program;
  const { hostname, port } = new URL(platform.url);
  const token = await tokenOf('hostile');
  const samples: number[] = [];
  const sampler = setInterval(() => samples.push(rssMbOf(pid)), rssSampleMs);
  let attacked: Promise<Outcome[]> = Promise.resolve([]);
  let cpuMs = 0;
  const load = await runLoad(
    {
      host: hostname,
      port: Number(port),
      connections: neighbourConnections,
      warmupMs: plan.warmupMs,
      measureMs: plan.measureMs,
      bodyBytes,
      answer: 'task',
      targets: [{ path: agentPath('neighbour', goodAgent), token: await tokenOf('neighbour') }],
    },
    {
      opened() {
        cpuMs = -cpuMsOf(pid);
        if (launched !== null) attacked = attack({ platformUrl: platform.url, token, ...launched });
      },
      closed() {
        cpuMs += cpuMsOf(pid);
      },
    },
  );
  const outcomes = await attacked;
  await wait(restMs);
  clearInterval(sampler);
  const rssMbAfter = rssMbOf(pid);
  const rssMbMax = Math.max(...samples, rssMbAfter);
  return { isHostile: launched !== null, load, outcomes, rssMbMax, rssMbAfter, cpuShare: cpuMs / load.measuredMs };
}
