import type { Bar } from '@colloquy/bench/figures/bar';
import { tableOf } from '@colloquy/bench/figures/table';
import { wrongOnesOf } from './bars.ts';
import type { HostileFigures } from './bars.ts';
import type { Window } from './windows.ts';

/** Everything one run found. */
export interface HostileReport {
  readonly attackers: number;
  /** The first attack, which counts for memory and endings and not for time. */
  readonly warmup: Window;
  readonly windows: readonly Window[];
  readonly figures: HostileFigures;
  readonly bars: readonly Bar[];
  readonly wrongWallets: readonly string[];
  readonly seconds: number;
}

const faultsShownMax = 20;
const slowestShown = 5;

export function linesOf({ warmup, windows, bars, wrongWallets }: HostileReport): string[] {
  const all = [warmup, ...windows];
  const rows = all.map(({ isHostile, load, cpuShare, rssMbMax, rssMbAfter }, at) => [
    at === 0 ? 'all at once' : isHostile ? 'with' : 'without',
    load.requestsPerSecond.toFixed(0),
    load.p50Ms.toFixed(2),
    load.p99Ms.toFixed(2),
    load.maxMs.toFixed(2),
    (cpuShare * 100).toFixed(0),
    rssMbMax.toFixed(0),
    rssMbAfter.toFixed(0),
    String(load.errors),
  ]);
  const wrong = wrongOnesOf(all).map(
    ({ attacker, ended }) => `an agent that ${attacker.does}: ${ended}, not ${attacker.ends}`,
  );
  const slow = warmup.outcomes
    .toSorted((one, other) => other.tookMs - one.tookMs)
    .slice(0, slowestShown)
    .map(({ attacker, tookMs }) => `${attacker.does}: ${(tookMs / 1000).toFixed(1)} s`);
  return [
    '',
    ...tableOf([
      ['hostile agents', 'req/s', 'p50 ms', 'p99 ms', 'max ms', 'CPU %', 'RSS max', 'RSS after', 'errors'],
      ...rows,
    ]),
    '',
    `longest tasks of the first attack: ${slow.join('; ')}`,
    ...[...wrong, ...wrongWallets, ...all.flatMap(({ load }) => load.errorSamples)].slice(0, faultsShownMax),
    '',
    ...tableOf([
      ['bar', '', 'value', 'bound'],
      ...bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, value.toFixed(2), bound]),
    ]),
  ];
}

/** The last line: what a program reads. */
export function summaryOf({ figures, attackers, warmup, windows, seconds }: HostileReport, ok: boolean): object {
  const values = Object.entries<number>({ ...figures });
  const rounded = values.map(([name, value]): [string, number] => [name, Number(value.toFixed(2))]);
  return {
    suite: 'hostile',
    ok,
    scripts: attackers,
    tasks: [warmup, ...windows].reduce((sum, { outcomes }) => sum + outcomes.length, 0),
    ...Object.fromEntries(rounded),
    seconds: Math.round(seconds),
  };
}
