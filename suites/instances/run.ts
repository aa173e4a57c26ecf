import { inWorkFolder } from '@colloquy/bench/process/work-folder';
import { answersOf, instancesBarsOf, instancesFiguresOf } from './bars.ts';
import { illnesses } from './plan.ts';
import type { Illness, InstancesPlan } from './plan.ts';
import { convalescentsOf, recover } from './recovery.ts';
import type { Recovery } from './recovery.ts';
import type { Replica } from './replica.ts';
import type { InstancesReport } from './report.ts';
import { priceMicrocredits, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { openWindow } from './windows.ts';
import type { Window } from './windows.ts';

/** Lets one of three instances die, hang and answer 500 while callers send, and sees what they and a neighbour notice. */
export async function measureInstances(plan: InstancesPlan, say: (line: string) => void): Promise<InstancesReport> {
  const startedMs = performance.now();
  return inWorkFolder('colloquy-instances-', async (folder) => {
    await using stage = await setStage(folder, plan);
    // Each illness has a place of its own, so that one is ill at a time and none is ill twice at once.
    const replicaOf = (illness: Illness): Replica => {
      const replica = stage.replicas[illnesses.indexOf(illness)];
      if (replica === undefined) throw new Error('there are fewer instances than ways to fail');
      return replica;
    };
    const windows: Window[] = [];
    for (let pair = 0; pair < plan.pairs; pair += 1) {
      for (const illness of illnesses) {
        for (const isIll of pair % 2 === 0 ? [false, true] : [true, false]) {
          const agent = stage.agents[windows.length] ?? '';
          const replica = replicaOf(illness);
          const window = await openWindow(stage, plan, { agent, illness: isIll ? illness : null, replica });
          windows.push(window);
          say(lineOf(window));
        }
      }
    }
    const recovery = await recover(stage, convalescentsOf(windows, replicaOf));
    say(`${recovery.recovered.length} instances serve again, after ${Math.round(recovery.tookMs)} ms`);
    const wrongWallets = await wrongWalletsOf(stage, windows, recovery);
    const figures = instancesFiguresOf(windows, recovery, wrongWallets.length);
    const seconds = (performance.now() - startedMs) / 1000;
    return { windows, recovery, figures, bars: instancesBarsOf(figures), wrongWallets, seconds };
  });
}

function lineOf({ illness, neighbour, victim, opened }: Window): string {
  const who = illness === null ? 'all well' : `one ${illness}`;
  const breaker = opened?.by === 'breaker' ? `, breaker open after ${Math.round(opened.afterMs)} ms` : '';
  return `${who}: neighbour p99 ${neighbour.p99Ms.toFixed(1)} ms, ${victim.errors} failures${breaker}`;
}

interface Wallet {
  readonly usedMicrocredits: number;
  readonly reservedMicrocredits: number;
}

/** Compares both tenants' wallets with what ran; answers what differs. A task that failed costs nothing. */
async function wrongWalletsOf(stage: Stage, windows: readonly Window[], { answers }: Recovery): Promise<string[]> {
  const api = await stage.operator();
  const ran = {
    victim: windows.reduce((sum, { victim }) => sum + answersOf(victim), answers),
    neighbour: windows.reduce((sum, { neighbour }) => sum + answersOf(neighbour), 0),
  };
  const differences: string[] = [];
  for (const [slug, count] of Object.entries(ran)) {
    const { usedMicrocredits, reservedMicrocredits } = await api.get<Wallet>(`/tenants/${slug}/credits`);
    if (usedMicrocredits === count * priceMicrocredits && reservedMicrocredits === 0) continue;
    differences.push(
      `${slug}: ${usedMicrocredits} used and ${reservedMicrocredits} reserved for ${count} completed tasks`,
    );
  }
  return differences;
}
