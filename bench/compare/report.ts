import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Bar } from '../figures/bar.ts';
import type { Figures } from './bars.ts';
import { isGateway } from './plan.ts';
import type { Plan, Subject } from './plan.ts';
import type { Cell, Round } from './round.ts';
import { tableOf } from '../figures/table.ts';

/** Everything one comparison found. */
export interface Report {
  readonly plan: Plan;
  readonly rounds: readonly Round[];
  readonly cells: readonly Cell[];
  readonly figures: Figures;
  readonly bars: readonly Bar[];
  readonly differences: readonly string[];
  readonly seconds: number;
}

const heading = [
  'connections',
  'subject',
  'req/s',
  'p50 ms',
  'p99 ms',
  'CPU us: server',
  'agent',
  'PostgreSQL',
  'RSS MB',
  '÷ SDK',
  '÷ SDK task',
];

export function linesOf(report: Report): string[] {
  const cells = report.cells.toSorted((one, other) => one.connections - other.connections);
  const rows = cells.map((cell) => [
    String(cell.connections),
    cell.subject,
    cell.requestsPerSecond.toFixed(0),
    cell.p50Ms.toFixed(2),
    cell.p99Ms.toFixed(2),
    cell.cpuMicroseconds.server.toFixed(0),
    cell.cpuMicroseconds.agent === 0 ? '–' : cell.cpuMicroseconds.agent.toFixed(0),
    cell.cpuMicroseconds.postgres === 0 ? '–' : cell.cpuMicroseconds.postgres.toFixed(0),
    cell.rssMbMax.toFixed(0),
    ratioIn(report.cells, cell, 'SDK echo'),
    ratioIn(report.cells, cell, 'SDK task echo'),
  ]);
  const bars = report.bars.map(({ name, value, bound, held }) => [
    held ? 'held' : 'MISSED',
    name,
    value.toFixed(2),
    bound,
  ]);
  const books =
    report.differences.length === 0 ? ['every counted answer is recorded, paid once and audited'] : report.differences;
  return [
    ...tableOf([heading, ...rows]),
    '',
    ...tableOf([['bar', '', 'value', 'bound'], ...bars]),
    '',
    ...books.slice(0, 20),
  ];
}

function ratioIn(cells: readonly Cell[], cell: Cell, against: Subject): string {
  const other = cells.find(({ connections, subject }) => connections === cell.connections && subject === against);
  if (other === undefined || !isGateway(cell.subject)) return '–';
  return (cell.requestsPerSecond / other.requestsPerSecond).toFixed(2);
}

/** The last line: what a program reads. */
export function summaryOf(report: Report, ok: boolean): object {
  const { figures } = report;
  const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
  const p50 =
    report.cells.find(({ connections, subject }) => connections === 32 && subject === 'gateway, 8 tenants')?.p50Ms ?? 0;
  return {
    suite: 'bench',
    ok,
    ratio32: round(figures.ratio32, 3),
    ratio128: round(figures.ratio128, 3),
    p50Ms: round(p50),
    p50AddedMs: round(figures.p50AddedMs),
    rssMb: round(figures.rssMb, 0),
    ...(figures.rssMbPerMinute === undefined ? {} : { rssMbPerMinute: round(figures.rssMbPerMinute) }),
    errors: figures.errors,
    unrecorded: report.differences.length,
    seconds: round(report.seconds, 0),
  };
}

/** What git says about this folder; `unknown` where there is no repository. */
function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'unknown';
  }
}

/** Writes the whole report with machine, commit and method below `bench/results/`; answers the path. */
export function saveReport(kind: string, report: object): string {
  const date = new Date().toISOString();
  const commit = git('rev-parse', '--short', 'HEAD');
  const folder = new URL('../results/', import.meta.url);
  const file = new URL(`${date.slice(0, 10)}-${commit}${kind === '' ? '' : `-${kind}`}.json`, folder);
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 1e6),
    kernel: release(),
    node: process.version,
  };
  const uncommitted = git('status', '--porcelain', '--untracked-files=no') !== '';
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ date, commit, uncommitted, machine, method: 'bench/README.md', ...report }, undefined, 2)}\n`,
  );
  return fileURLToPath(file);
}
