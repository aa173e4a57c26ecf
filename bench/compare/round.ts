import type { LoadResult } from '../load/measurement.ts';
import { median } from '../figures/statistics.ts';
import type { MeasuredWindow } from './plan.ts';

/** CPU time of one kind of process for each answer inside the window, in microseconds. */
export interface CpuPerAnswer {
  /** The server under test: a gateway process, the SDK echo or the bare agent. */
  readonly server: number;
  /** The agent behind the gateway; 0 for the others. */
  readonly agent: number;
  /** All processes of PostgreSQL together; 0 for the others. */
  readonly postgres: number;
}

/** One window and what was found. */
export interface Round extends MeasuredWindow {
  readonly load: LoadResult;
  readonly cpuMicroseconds: CpuPerAnswer;
  /** Most resident memory of the server seen in the window, in MB. */
  readonly rssMbMax: number;
}

/** The rounds of one subject at one number of connections, as medians. */
export interface Cell {
  readonly connections: number;
  readonly subject: MeasuredWindow['subject'];
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicroseconds: CpuPerAnswer;
  readonly rssMbMax: number;
  readonly errors: number;
}

/** Medians over the rounds, in the order in which subjects were first met. */
export function cellsOf(rounds: readonly Round[]): Cell[] {
  const groups = Map.groupBy(rounds, ({ connections, subject }) => `${connections} ${subject}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const middle = (of: (round: Round) => number): number => median(group.map(of));
    return {
      connections: first.connections,
      subject: first.subject,
      requestsPerSecond: middle(({ load }) => load.requestsPerSecond),
      p50Ms: middle(({ load }) => load.p50Ms),
      p99Ms: middle(({ load }) => load.p99Ms),
      cpuMicroseconds: {
        server: middle(({ cpuMicroseconds }) => cpuMicroseconds.server),
        agent: middle(({ cpuMicroseconds }) => cpuMicroseconds.agent),
        postgres: middle(({ cpuMicroseconds }) => cpuMicroseconds.postgres),
      },
      rssMbMax: Math.max(...group.map(({ rssMbMax }) => rssMbMax)),
      errors: group.reduce((sum, { load }) => sum + load.errors, 0),
    };
  });
}
