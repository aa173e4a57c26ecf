import { createHash } from 'node:crypto';
import { inWorkFolder } from '@colloquy/bench/process/work-folder';
import type { Attacker } from './attacker.ts';
import { hostileBarsOf, hostileFiguresOf } from './bars.ts';
import { attacksPerSecond } from './plan.ts';
import type { HostilePlan } from './plan.ts';
import type { HostileReport } from './report.ts';
import { setStage } from './stage.ts';
import { wrongWalletsOf } from './wallets.ts';
import { openWindow } from './windows.ts';
import type { Window } from './windows.ts';

/** Lets every hostile agent loose at once, and then a neighbour send with and without them at work, in alternation; answers what both did to it and to the platform. */
export async function measureHostility(plan: HostilePlan, say: (line: string) => void): Promise<HostileReport> {
  const startedMs = performance.now();
  return inWorkFolder('colloquy-hostile-', async (folder) => {
    await using stage = await setStage(folder);
    const attackers = stage.attackers.length;
    say(`${attackers} hostile agents of one tenant; another tenant sends to a good one`);
    // Judged by how it ends and by what memory it takes, and not by time: compilers and pools settle meanwhile.
    const warmup = await openWindow(stage, plan, { attackers: stage.attackers, spreadMs: 0 });
    const next = nextOf(mixed(stage.attackers), Math.round((plan.measureMs * attacksPerSecond) / 1000));
    const windows: Window[] = [];
    for (let pair = 0; pair < plan.pairs; pair += 1) {
      // Each pair begins with the other kind, so that nothing that grows favours one.
      for (const isHostile of pair % 2 === 0 ? [false, true] : [true, false]) {
        const launched = isHostile ? { attackers: next(), spreadMs: plan.measureMs } : null;
        const window = await openWindow(stage, plan, launched);
        windows.push(window);
        say(`pair ${pair + 1}, ${isHostile ? 'with' : 'without'}: p99 ${window.load.p99Ms.toFixed(1)} ms`);
      }
    }
    const wrongWallets = await wrongWalletsOf(stage, [warmup, ...windows]);
    const figures = hostileFiguresOf(warmup, windows, wrongWallets.length);
    const seconds = (performance.now() - startedMs) / 1000;
    return { attackers, warmup, windows, figures, bars: hostileBarsOf(figures), wrongWallets, seconds };
  });
}

/** In an order that is always the same and has nothing to do with what they do, so that the worst do not come together. */
function mixed(attackers: readonly Attacker[]): Attacker[] {
  const placeOf = ({ does }: Attacker): string => createHash('sha256').update(does).digest('hex');
  return attackers.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

/** Answers the next so many each time, and begins anew after the last. */
function nextOf(attackers: readonly Attacker[], count: number): () => Attacker[] {
  let at = 0;
  return () => {
    const taken = Array.from({ length: count }, (_, index) => attackers[(at + index) % attackers.length]);
    at += count;
    return taken.filter((attacker) => attacker !== undefined);
  };
}
