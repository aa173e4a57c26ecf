import { atMost } from '../figures/bar.ts';
import type { Bar } from '../figures/bar.ts';
import { median } from '../figures/statistics.ts';
import type { FirstEventRound } from './first-event.ts';
import type { IdleFindings } from './idle.ts';

/** The figures that bars are set on. */
export interface StreamFigures {
  readonly rssMb: number;
  /** The worst broadcast. */
  readonly broadcastP99Ms: number;
  /** Streams that missed a broadcast, summed over all of them. */
  readonly undelivered: number;
  readonly heartbeatLateP99Ms: number;
  readonly withoutHeartbeat: number;
  /** Streams that showed a gap, a repeat or something else, or did not end as their task did. */
  readonly faults: number;
  /** Time to the first event through the gateway, less the agent's own: differences of the percentiles, medians over the rounds. */
  readonly firstEventP50Ms: number;
  readonly firstEventP99Ms: number;
}

export function streamFiguresOf(
  idle: IdleFindings,
  broadcasts: number,
  rounds: readonly FirstEventRound[],
): StreamFigures {
  const { seen } = idle;
  const added = (of: (round: FirstEventRound) => number): number =>
    medianOf(rounds, 'gateway', of) - medianOf(rounds, 'agent alone', of);
  const received = seen.broadcasts.reduce((sum, broadcast) => sum + broadcast.received, 0);
  return {
    rssMb: idle.rssMb.max,
    broadcastP99Ms: Math.max(...seen.broadcasts.map(({ p99Ms }) => p99Ms)),
    undelivered: broadcasts * idle.streams - received,
    heartbeatLateP99Ms: seen.heartbeats.lateP99Ms,
    withoutHeartbeat: seen.heartbeats.without,
    faults: seen.faults + (idle.streams - seen.completed) + rounds.reduce((sum, { errors }) => sum + errors, 0),
    firstEventP50Ms: added(({ p50Ms }) => p50Ms),
    firstEventP99Ms: added(({ p99Ms }) => p99Ms),
  };
}

function medianOf(
  rounds: readonly FirstEventRound[],
  subject: FirstEventRound['subject'],
  of: (round: FirstEventRound) => number,
): number {
  const measured = rounds.filter((round) => round.subject === subject && round.streams > 0);
  return measured.length === 0 ? Number.NaN : median(measured.map(of));
}

export function streamBarsOf(figures: StreamFigures): Bar[] {
  return [
    atMost('RSS of the platform process with the idle streams, MB', figures.rssMb, 300),
    atMost('a broadcast reaches its subscribers, p99 of the worst, ms', figures.broadcastP99Ms, 1000),
    atMost('broadcasts that did not reach a subscriber', figures.undelivered, 0),
    atMost('a heartbeat is late, p99, ms', figures.heartbeatLateP99Ms, 1500),
    atMost('streams without a heartbeat', figures.withoutHeartbeat, 0),
    atMost('streams with a gap, a repeat or another end', figures.faults, 0),
    atMost('first event over the agent’s own, p50, ms', figures.firstEventP50Ms, 5),
    atMost('first event over the agent’s own, p99, ms', figures.firstEventP99Ms, 20),
  ];
}
