import type { AgentTier } from '../registry/index.ts';

/** Task counts of a period, and the failures that their objectives allow, summed over its hours. */
export interface SlaSums {
  /** Ended tasks without the excused ones. */
  readonly judged: number;
  readonly failed: number;
  readonly late: number;
  /** Tasks that may fail, and that may be late, in millionths of a task. */
  readonly failedAllowedPpm: number;
  readonly lateAllowedPpm: number;
}

/** The counts of an agent, a tier or the tenant. */
export interface SlaCount extends SlaSums {
  /** All tasks that ended. */
  readonly ended: number;
  /** Excused tasks: canceled, rejected, or failed by the caller's fault. */
  readonly excused: number;
  /** Tasks that were answered by a cache hit. */
  readonly served: number;
  /** The shortest and the longest latency target of the period; null without tasks. */
  readonly latencyMsMin: number | null;
  readonly latencyMsMax: number | null;
  /** The current hour with the 1, 6 and 24 hours before it. */
  readonly lastHour: SlaSums;
  readonly last6Hours: SlaSums;
  readonly last24Hours: SlaSums;
}

const noSums: SlaSums = { judged: 0, failed: 0, late: 0, failedAllowedPpm: 0, lateAllowedPpm: 0 };

/** The counts of a period without ended tasks. */
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
  /** Its current tier, or its last one. */
  readonly tier: AgentTier;
  readonly count: SlaCount;
}
