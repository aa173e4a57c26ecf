import { below, none } from '@colloquy/bench/figures/bar';
import type { Bar } from '@colloquy/bench/figures/bar';
import { median } from '@colloquy/bench/figures/statistics';
import type { Outcome } from './attacker.ts';
import type { Window } from './windows.ts';

/** The figures that bars are set on. */
export interface HostileFigures {
  /** Median p99 of the neighbour's sends with hostile agents at work ÷ without any. */
  readonly p99Ratio: number;
  readonly p99WithMs: number;
  readonly p99WithoutMs: number;
  /** Tasks that did not end as their script says. */
  readonly wrongEnds: number;
  readonly neighbourErrors: number;
  /** Most resident memory that the platform process ever had. */
  readonly rssMbMax: number;
  /** Resident memory after the last window, less that after the first attack. */
  readonly rssMbGrowth: number;
  /** Tenants whose wallet does not say what ran. */
  readonly wrongWallets: number;
}

export function hostileFiguresOf(warmup: Window, windows: readonly Window[], wrongWallets: number): HostileFigures {
  const p99Of = (isHostile: boolean): number =>
    median(windows.filter((window) => window.isHostile === isHostile).map(({ load }) => load.p99Ms));
  const all = [warmup, ...windows];
  const [p99WithMs, p99WithoutMs] = [p99Of(true), p99Of(false)];
  return {
    p99Ratio: median(pairRatiosOf(windows)),
    p99WithMs,
    p99WithoutMs,
    wrongEnds: wrongOnesOf(all).length,
    neighbourErrors: all.reduce((sum, { load }) => sum + load.errors, 0),
    rssMbMax: Math.max(...all.map(({ rssMbMax }) => rssMbMax)),
    rssMbGrowth: (windows.at(-1)?.rssMbAfter ?? Number.NaN) - warmup.rssMbAfter,
    wrongWallets,
  };
}

/** Windows of a pair are next to each other in time, so that what else the machine does weighs on both. */
function pairRatiosOf(windows: readonly Window[]): number[] {
  const [withThem, without] = [true, false].map((isHostile) =>
    windows.filter((window) => window.isHostile === isHostile).map(({ load }) => load.p99Ms),
  );
  return (withThem ?? []).map((p99Ms, pair) => p99Ms / (without?.[pair] ?? Number.NaN));
}

export function wrongOnesOf(windows: readonly Window[]): Outcome[] {
  return windows.flatMap(({ outcomes }) => outcomes.filter(({ attacker, ended }) => ended !== attacker.ends));
}

export function hostileBarsOf(figures: HostileFigures): Bar[] {
  return [
    none('tasks at hostile agents that ended otherwise than they should', figures.wrongEnds),
    none('wrong or missing answers to the neighbour', figures.neighbourErrors),
    none('wallets that say something else than what ran', figures.wrongWallets),
    below('p99 of the neighbour with hostile agents ÷ without', figures.p99Ratio, 1.5),
    below('RSS of the platform process at most, MB', figures.rssMbMax, 640),
    below('RSS after the last window less RSS after the first attack, MB', figures.rssMbGrowth, 64),
  ];
}
