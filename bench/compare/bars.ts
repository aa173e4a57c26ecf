import { atLeast, atMost, below } from '../figures/bar.ts';
import type { Bar } from '../figures/bar.ts';
import { isGateway } from './plan.ts';
import type { Subject } from './plan.ts';
import type { Cell } from './round.ts';

/** The figures that bars are set on. */
export interface Figures {
  /** Recorded requests a second ÷ requests a second of the SDK echo, the worse of one and eight tenants. */
  readonly ratio32: number;
  readonly ratio128: number;
  /** What the gateway adds to a direct call of the same agent at one connection: difference of the medians. */
  readonly p50AddedMs: number;
  readonly rssMb: number;
  readonly errors: number;
  /** Growth of resident memory after it has settled; absent without a soak. */
  readonly rssMbPerMinute?: number;
}

export function figuresOf(cells: readonly Cell[], rssMbPerMinute?: number): Figures {
  const ratios = (connections: number): number =>
    Math.min(ratioOf(cells, connections, 'gateway, 1 tenant'), ratioOf(cells, connections, 'gateway, 8 tenants'));
  const gateways = cells.filter(({ subject }) => isGateway(subject));
  return {
    ratio32: ratios(32),
    ratio128: ratios(128),
    p50AddedMs: cellOf(cells, 1, 'gateway, 1 tenant').p50Ms - cellOf(cells, 1, 'bare agent').p50Ms,
    rssMb: Math.max(...gateways.map(({ rssMbMax }) => rssMbMax)),
    errors: cells.reduce((sum, { errors }) => sum + errors, 0),
    ...(rssMbPerMinute === undefined ? {} : { rssMbPerMinute }),
  };
}

/** The rate of a subject ÷ the rate of the SDK echo at the same number of connections. */
function ratioOf(cells: readonly Cell[], connections: number, subject: Subject): number {
  return (
    cellOf(cells, connections, subject).requestsPerSecond / cellOf(cells, connections, 'SDK echo').requestsPerSecond
  );
}

function cellOf(cells: readonly Cell[], connections: number, subject: Subject): Cell {
  const found = cells.find((cell) => cell.connections === connections && cell.subject === subject);
  if (found === undefined) throw new Error(`nothing was measured for ${subject} at ${connections} connections`);
  return found;
}

export function barsOf(figures: Figures): Bar[] {
  return [
    atLeast('ratio at 32 connections', figures.ratio32, 0.4),
    atLeast('ratio at 128 connections', figures.ratio128, 0.6),
    atMost('added p50 at 1 connection, ms', figures.p50AddedMs, 3),
    atMost('RSS of the platform process, MB', figures.rssMb, 250),
    atMost('wrong or missing answers', figures.errors, 0),
    ...(figures.rssMbPerMinute === undefined ? [] : [below('RSS growth, MB/min', figures.rssMbPerMinute, 1)]),
  ];
}
