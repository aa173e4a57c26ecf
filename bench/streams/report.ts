import type { Bar } from '../figures/bar.ts';
import { tableOf } from '../figures/table.ts';
import type { StreamFigures } from './bars.ts';
import type { FirstEventRound } from './first-event.ts';
import type { IdleFindings } from './idle.ts';
import type { StreamsPlan } from './plan.ts';

/** Everything one measurement of streams found. */
export interface StreamsReport {
  readonly plan: StreamsPlan;
  readonly idle: IdleFindings;
  readonly firstEvents: readonly FirstEventRound[];
  readonly figures: StreamFigures;
  readonly bars: readonly Bar[];
  readonly seconds: number;
}

export function linesOf({ idle, firstEvents, bars }: StreamsReport): string[] {
  const { seen, rssMb, idleCpuMsPerSecond, cpuMicrosecondsPerDelivery } = idle;
  const { heartbeats } = seen;
  const ms = (value: number): string => value.toFixed(2);
  const broadcasts = seen.broadcasts.map(({ piece, received, p50Ms, p99Ms, maxMs }) =>
    [piece, received, p50Ms.toFixed(0), p99Ms.toFixed(0), maxMs.toFixed(0)].map(String),
  );
  const rounds = firstEvents.map((round) => [
    round.subject,
    String(round.round),
    String(round.streams),
    ms(round.p50Ms),
    ms(round.p99Ms),
    ms(round.maxMs),
    ms(round.snapshotP50Ms),
    ms(round.snapshotP99Ms),
    ms(round.cpuMsPerStream.server),
    ms(round.cpuMsPerStream.postgres),
    String(round.errors),
  ]);
  const barRows = bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, ms(value), bound]);
  return [
    `${idle.streams} streams of ${idle.tasks} tasks, opened in ${(idle.openedMs / 1000).toFixed(1)} s`,
    `RSS MB: ${rssMb.before.toFixed(0)} before, ${rssMb.open.toFixed(0)} open, ${rssMb.max.toFixed(0)} at most`,
    `CPU ms a second while idle: server ${ms(idleCpuMsPerSecond.server)}, PostgreSQL ${ms(idleCpuMsPerSecond.postgres)}`,
    `CPU us for each delivery: server ${ms(cpuMicrosecondsPerDelivery.server)}, PostgreSQL ${ms(cpuMicrosecondsPerDelivery.postgres)}`,
    `${heartbeats.received} heartbeats, late by ms: p50 ${heartbeats.lateP50Ms.toFixed(0)}, p99 ${heartbeats.lateP99Ms.toFixed(0)}, max ${heartbeats.lateMaxMs.toFixed(0)}`,
    ...seen.faultSamples,
    '',
    ...tableOf([['broadcast', 'received', 'p50 ms', 'p99 ms', 'max ms'], ...broadcasts]),
    '',
    ...tableOf([
      [
        'first event',
        'round',
        'streams',
        'p50 ms',
        'p99 ms',
        'max ms',
        'snapshot p50',
        'p99 ms',
        'CPU ms: server',
        'PostgreSQL',
        'errors',
      ],
      ...rounds,
    ]),
    ...firstEvents.flatMap(({ errorSamples }) => errorSamples),
    '',
    ...tableOf([['bar', '', 'value', 'bound'], ...barRows]),
  ];
}

/** The last line: what a program reads. */
export function summaryOf({ figures, idle, seconds }: StreamsReport, ok: boolean): object {
  const rounded = Object.entries<number>({ ...figures }).map(([name, value]): [string, number] => [
    name,
    Number(value.toFixed(2)),
  ]);
  return {
    suite: 'bench-streams',
    ok,
    streams: idle.streams,
    ...Object.fromEntries(rounded),
    seconds: Math.round(seconds),
  };
}
