import type { Bar } from '../figures/bar.ts';
import { tableOf } from '../figures/table.ts';
import type { LoadResult } from '../load/measurement.ts';
import type { CpuPerAnswer } from '../compare/round.ts';
import type { HistoryPlan } from './plan.ts';
import type { ListTimes } from './read-lists.ts';

export type SideName = 'empty' | 'full';

/** One measurement of sends. */
export interface HistoryRound {
  readonly side: SideName;
  readonly connections: number;
  readonly round: number;
  readonly load: LoadResult;
  readonly cpuMicroseconds: Pick<CpuPerAnswer, 'server' | 'postgres'>;
}

export interface HistoryReport {
  readonly plan: HistoryPlan;
  readonly loadSeconds: number;
  /** Size of the tables with their indexes, in MB. */
  readonly tableMb: Readonly<Record<string, number>>;
  readonly rounds: readonly HistoryRound[];
  readonly lists: Readonly<Record<SideName, ListTimes>>;
  readonly ratios: readonly { readonly connections: number; readonly ratio: number }[];
  readonly bars: readonly Bar[];
  readonly seconds: number;
}

export function historyBarsOf({ rounds, ratios, lists }: Pick<HistoryReport, 'rounds' | 'ratios' | 'lists'>): Bar[] {
  const errors = rounds.reduce((sum, { load }) => sum + load.errors, 0);
  return [
    ...ratios.map(({ connections, ratio }) => ({
      name: `requests a second at ${connections} connections, full ÷ empty`,
      value: ratio,
      bound: '≥ 0.9',
      held: ratio >= 0.9,
    })),
    { name: 'first page of ListTasks, p99 ms', value: lists.full.p99Ms, bound: '≤ 10', held: lists.full.p99Ms <= 10 },
    { name: 'wrong or missing answers', value: errors, bound: '≤ 0', held: errors === 0 },
  ];
}

export function linesOf({ plan, loadSeconds, tableMb, rounds, lists, bars }: HistoryReport): string[] {
  const rows = rounds.map(({ side, connections, round, load, cpuMicroseconds }) => [
    String(connections),
    String(round + 1),
    side,
    load.requestsPerSecond.toFixed(0),
    load.p50Ms.toFixed(2),
    load.p99Ms.toFixed(2),
    cpuMicroseconds.server.toFixed(0),
    cpuMicroseconds.postgres.toFixed(0),
  ]);
  const sizes = Object.entries(tableMb).map(([table, mb]) => `${table} ${mb.toFixed(0)}`);
  const ofLists = Object.entries(lists).map(([side, { reads, p50Ms, p99Ms, maxMs, totalSize }]) => [
    side,
    String(reads),
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    maxMs.toFixed(2),
    String(totalSize),
  ]);
  return [
    `${plan.tasks} finished tasks of one tenant, loaded in ${loadSeconds.toFixed(0)} s; MB with indexes: ${sizes.join(', ')}`,
    '',
    ...tableOf([
      ['connections', 'round', 'side', 'req/s', 'p50 ms', 'p99 ms', 'CPU us: server', 'PostgreSQL'],
      ...rows,
    ]),
    '',
    ...tableOf([['first page of ListTasks', 'reads', 'p50 ms', 'p99 ms', 'max ms', 'totalSize'], ...ofLists]),
    '',
    ...tableOf([
      ['bar', '', 'value', 'bound'],
      ...bars.map(({ name, value, bound, held }) => [held ? 'held' : 'MISSED', name, value.toFixed(2), bound]),
    ]),
  ];
}

/** The last line: what a program reads. */
export function summaryOf({ plan, ratios, lists, loadSeconds, seconds }: HistoryReport, ok: boolean): object {
  return {
    suite: 'bench-history',
    ok,
    tasks: plan.tasks,
    ...Object.fromEntries(ratios.map(({ connections, ratio }) => [`ratio${connections}`, Number(ratio.toFixed(3))])),
    listP50Ms: Number(lists.full.p50Ms.toFixed(2)),
    listP99Ms: Number(lists.full.p99Ms.toFixed(2)),
    loadSeconds: Math.round(loadSeconds),
    seconds: Math.round(seconds),
  };
}
