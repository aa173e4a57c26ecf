/** The bounds of sends, of the work on their tasks and of what a node does for waiting tasks. */
export const gatewayLimits = {
  /** Tasks that one process works on at once. A further send is answered 503. */
  taskRunsMax: 20_000,
  /** An agent may take this long for one task, unless its registration says less. Then the task fails as upstream.timeout. */
  taskMs: 10 * 60_000,
  /** A blocking send answers the task in its current state after this time. */
  blockingWaitMs: 5 * 60_000,
  /** A message to a working task waits this long for the task to ask for input. Then it is refused as task.busy. */
  furtherMessageWaitMs: 30_000,
  /** A cancel answers the task in its current state after this time. */
  cancelWaitMs: 10_000,
  /** An agent has this long to answer a cancel. Then the task is canceled without its answer. */
  cancelUpstreamMs: 5_000,
  /**
   * A task may be canceled before its agent has named it. When the agent names it within this time, the agent is told to cancel;
   * afterwards the connection closes.
   */
  cancelUnnamedMs: 60_000,
  /** A send whose recording takes longer is answered 503. The recording still finishes, and the task is worked on. */
  recordWaitMs: 10_000,
  /** For this long after a suspension each heartbeat looks for tasks of its target, so that no task in flight is missed. */
  suspensionWatchedMs: 60_000,
  /** Tasks of one suspended target that wait for their callers and that one statement ends. The next check ends more. */
  suspendedTasksMax: 500,
  /** A task that waits longer for its caller fails as task.expired, unless the configuration says another time. */
  taskWaitMs: 7 * 24 * 60 * 60_000,
  /** Waiting tasks that one statement expires. The next statement expires more. */
  expiredTasksMax: 200,
  /** The agent of a task that waits for an authorization is asked first after this time, then ever more rarely, */
  accessCheckMsMin: 1_000,
  /** at least this often, until the task ends. */
  accessCheckMsMax: 60_000,
  /** Such an agent has this long to answer. Then it is asked again later. */
  accessCheckMs: 10_000,
  /** Such requests that one process has open at once. Further ones wait. */
  accessChecksMax: 256,
  /** The share of one tenant in these requests. Further ones wait. */
  accessChecksPerTenantMax: 64,
} as const;
