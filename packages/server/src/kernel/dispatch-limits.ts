/** The bounds of queues and tries; part of `limits`. */
export const dispatchLimits = {
  /** How far the tier of its agent puts a task off behind others that are queued at the same moment: so far at most it is overtaken. */
  queueTierMs: { gold: 0, silver: 10_000, bronze: 30_000 },
  /** And how far each step below the highest priority, of nine. */
  queuePriorityStepMs: 1_000,
  /** Queues that one look finds; the tasks of others are claimed when these are shorter. */
  queuesPerPollMax: 10_000,
  /** Queued tasks that one claim takes; the next one takes more. */
  queueClaimTasksMax: 64,
  /** Tasks claimed from queues that one process works on at once; more stay queued. */
  queuedRunsMax: 1_000,
  /** Queues that one process keeps the names of agents of; the oldest leaves first. */
  knownQueuesMax: 10_000,
  /** Queued tasks that are ended at once because their deadline has passed; the next look ends more. */
  overdueTasksMax: 200,
  /** So many times in a row; then the next look goes on. */
  overdueSlicesMax: 10,
  /** A task that may be tried again is given to its agent so often; then it is a dead letter. */
  queueAttemptsMax: 5,
  /** The pause before its second try; it doubles from try to try, up to the second number. */
  dispatchRetryMsMin: 500,
  dispatchRetryMsMax: 30_000,
  /** A call of a skill with a deadline that is further ahead is refused. */
  callDeadlineMsMax: 30 * 24 * 60 * 60_000,
} as const;
