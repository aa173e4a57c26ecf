import type { Bar } from '@colloquy/bench/figures/bar';
import { tableOf } from '@colloquy/bench/figures/table';
import type { InstancesFigures } from './bars.ts';
import type { Recovery } from './recovery.ts';
import type { Window } from './windows.ts';

/** Everything one run found. */
export interface InstancesReport {
  readonly windows: readonly Window[];
  readonly recovery: Recovery;
  readonly figures: InstancesFigures;
  readonly bars: readonly Bar[];
  readonly wrongWallets: readonly string[];
  readonly seconds: number;
}

const samplesShownMax = 10;

export function linesOf({ windows, bars, wrongWallets }: InstancesReport): string[] {
  const rows = windows.map(({ illness, victim, neighbour, opened, retries }) => [
    illness ?? 'all well',
    victim.requestsPerSecond.toFixed(0),
    victim.p99Ms.toFixed(2),
    String(victim.errors),
    String(retries),
    opened === null ? '–' : opened.by === 'health' ? opened.by : opened.afterMs.toFixed(0),
    opened === null ? '–' : String(opened.failures),
    neighbour.requestsPerSecond.toFixed(0),
    neighbour.p99Ms.toFixed(2),
  ]);
  const samples = windows.flatMap(({ victim, neighbour }) => [...victim.errorSamples, ...neighbour.errorSamples]);
  return [
    '',
    ...tableOf([
      ['one of three', 'req/s', 'p99 ms', 'failed', 'retries', 'open ms', 'faults', 'neighbour req/s', 'p99 ms'],
      ...rows,
    ]),
    ...[...wrongWallets, ...samples].slice(0, samplesShownMax),
    '',
    ...tableOf([
      ['bar', '', 'value', 'bound'],
      ...bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, value.toFixed(2), bound]),
    ]),
  ];
}

/** The last line: what a program reads. */
export function summaryOf({ figures, windows, recovery, seconds }: InstancesReport, ok: boolean): object {
  const values = Object.entries<number>({ ...figures });
  const rounded = values.map(([name, value]): [string, number] => [name, Number(value.toFixed(3))]);
  return {
    suite: 'instances',
    ok,
    windows: windows.length,
    ...Object.fromEntries(rounded),
    recoveryMs: Math.round(recovery.tookMs),
    seconds: Math.round(seconds),
  };
}
