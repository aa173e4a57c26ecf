import type { AgentTier } from '../registry/index.ts';

/** Tasks of a time together with what their objectives let pass, summed over the hours of that time. */
export interface SlaSums {
  /** Tasks that ended and count: all but the excused ones. */
  readonly judged: number;
  readonly failed: number;
  readonly late: number;
  /** Millionths of tasks that were allowed to fail, and to be late. */
  readonly failedAllowedPpm: number;
  readonly lateAllowedPpm: number;
}

/** What was counted of an agent, a tier, or the tenant. */
export interface SlaCount extends SlaSums {
  /** All tasks that ended. */
  readonly ended: number;
  /** Those that count neither way: canceled, rejected, or failed through their caller. */
  readonly excused: number;
  /** Those that a kept result answered. */
  readonly served: number;
  /** The shortest and the longest target of the time; null without tasks. */
  readonly latencyMsMin: number | null;
  readonly latencyMsMax: number | null;
  /** The hour in progress together with 1, 6 and 24 hours before it. */
  readonly lastHour: SlaSums;
  readonly last6Hours: SlaSums;
  readonly last24Hours: SlaSums;
}

const noSums: SlaSums = { judged: 0, failed: 0, late: 0, failedAllowedPpm: 0, lateAllowedPpm: 0 };

/** Of a time in which nothing ended. */
export const emptyCount: SlaCount = {
  ...noSums,
  ended: 0,
  excused: 0,
  served: 0,
  latencyMsMin: null,
  latencyMsMax: null,
  lastHour: noSums,
  last6Hours: noSums,
  last24Hours: noSums,
};

export interface AgentCount {
  readonly agentName: string;
  /** The tier that it has now, or had last. */
  readonly tier: AgentTier;
  readonly count: SlaCount;
}
