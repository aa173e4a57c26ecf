import { runLoad } from '@colloquy/bench/load/run-load';
import { agentPath } from '@colloquy/bench/process/tenants';
import { illnesses, recoveryMsMax } from './plan.ts';
import type { Illness } from './plan.ts';
import type { Replica } from './replica.ts';
import { breakerAt } from './windows.ts';
import type { Window } from './windows.ts';
import type { Stage } from './stage.ts';

/** An instance that was ill, at the agent of whose window it was. */
export interface Convalescent {
  readonly agent: string;
  readonly illness: Illness;
  readonly replica: Replica;
}

export interface Recovery {
  /** Those that were called again and whose breaker is closed. */
  readonly recovered: readonly Convalescent[];
  readonly missing: readonly Convalescent[];
  /** Answers and failures of the calls that were made meanwhile. */
  readonly answers: number;
  readonly errors: number;
  readonly tookMs: number;
}

const roundMs = 1_500;
/** One call may be the probe; the others show that it is one of three again. */
const callsMin = 5;

/** Those whose window left an instance that has to serve again. */
export function convalescentsOf(windows: readonly Window[], replicaOf: (illness: Illness) => Replica): Convalescent[] {
  return illnesses.flatMap((illness) =>
    windows
      .filter((window) => window.illness === illness)
      .map(({ agent }) => ({ agent, illness, replica: replicaOf(illness) })),
  );
}

/** Calls every agent until each instance that was ill serves again, or the bound is reached. Nothing of the platform is started anew. */
export async function recover(stage: Stage, all: readonly Convalescent[]): Promise<Recovery> {
  const startedMs = performance.now();
  const before = new Map<Convalescent, number>();
  for (const one of all) before.set(one, await one.replica.callsOf(one.agent));
  const sum = { answers: 0, errors: 0 };
  let missing = all;
  const { hostname, port } = new URL(stage.url);
  while (missing.length > 0 && performance.now() - startedMs < recoveryMsMax) {
    const token = await stage.tokenOf('victim');
    const targets = missing.map(({ agent }) => ({ path: agentPath('victim', agent), token }));
    const order = { host: hostname, port: Number(port), connections: 2, warmupMs: 0, measureMs: roundMs, targets };
    const load = await runLoad({ ...order, bodyBytes: 1_024, answer: 'task' });
    sum.answers += load.answersByTarget.reduce((total, count) => total + count, 0);
    sum.errors += load.errors;
    missing = await stillMissing(stage, missing, before);
  }
  const tookMs = performance.now() - startedMs;
  return { ...sum, tookMs, missing, recovered: all.filter((one) => !missing.includes(one)) };
}

async function stillMissing(
  stage: Stage,
  candidates: readonly Convalescent[],
  before: ReadonlyMap<Convalescent, number>,
): Promise<Convalescent[]> {
  const missing: Convalescent[] = [];
  for (const one of candidates) {
    const calls = (await one.replica.callsOf(one.agent)) - (before.get(one) ?? 0);
    const breaker = await breakerAt(stage, one.replica.urlOf(one.agent));
    if (calls < callsMin || breaker?.isOpen === true) missing.push(one);
  }
  return missing;
}
