/** How much history, and how long and how hard it is measured against a platform without any. */
export interface HistoryPlan {
  /** Finished tasks of one tenant, over `daysOfTasks` days until now. */
  readonly tasks: number;
  readonly daysOfTasks: number;
  /** The newest tasks, whose logs are whole; of older ones each event keeps its first `oldPayloadCharsMax` characters. */
  readonly tasksWithWholeLogs: number;
  readonly oldPayloadCharsMax: number;
  readonly rounds: number;
  readonly settleMs: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  /** Reads of the first page of ListTasks, one after the other, after half as many to warm up. */
  readonly listReads: number;
}

const common = { daysOfTasks: 30, oldPayloadCharsMax: 200, warmupMs: 1_000 } as const;

export const historyPlans = {
  quick: {
    ...common,
    tasks: 100_000,
    tasksWithWholeLogs: 10_000,
    rounds: 1,
    settleMs: 1_500,
    measureMs: 2_000,
    listReads: 100,
  },
  full: {
    ...common,
    tasks: 10_000_000,
    tasksWithWholeLogs: 100_000,
    rounds: 5,
    settleMs: 4_000,
    measureMs: 6_000,
    listReads: 3_000,
  },
} as const satisfies Record<string, HistoryPlan>;

/** Connections of the closed loop. */
export const historyConnections = [128, 32] as const;
