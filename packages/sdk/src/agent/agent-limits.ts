/** Every bound of an agent server in one place. A name ends in its unit; the comment says what happens at the bound. */
export const agentLimits = {
  /** Larger request bodies are refused with 413. */
  bodyBytesMax: 4_194_304,
  /** Deeper JSON is refused as invalid. */
  jsonDepthMax: 64,
  /** The rest of a refused body is read and dropped for this long, so that its sender sees the answer. */
  discardMs: 2_000,
  /** Tasks kept; the oldest ended task leaves first, and when all are alive a new one is refused. */
  tasksMax: 1_000,
  /** Bytes of all kept tasks; ended tasks leave until the rest fits. */
  storeBytesMax: 268_435_456,
  /** Events one task may have; above it the task fails. */
  taskEventsMax: 20_000,
  /** Bytes the events of one task may have; above it the task fails. */
  taskBytesMax: 16_777_216,
  /** Messages of one task's history; above it a follow-up is refused. */
  taskMessagesMax: 1_000,
  /** A blocking SendMessage answers the task as it stands after this time. */
  blockingWaitMs: 600_000,
  /** A canceled handler has this long to stop; then the task is canceled without it. */
  cancelWaitMs: 5_000,
  /** Idle streams carry a comment this often. */
  streamHeartbeatMs: 15_000,
  /** Closing waits this long for handlers; then their signal aborts and connections are cut. */
  closeGraceMs: 5_000,
  /** After that, streams have this long to write what is left. */
  closeFlushMs: 100,
  /** An idle connection is kept this long. */
  keepAliveMs: 65_000,
  /** A request must have arrived whole within this time. */
  requestMs: 30_000,
  /** How long the platform counts an instance as present without a heartbeat, unless the agent sets another time. */
  leaseMs: 30_000,
  /** Heartbeats within one lease: so many may be lost but one. */
  heartbeatsPerLease: 3,
  /** Longer reasons of its own health are cut. */
  healthReasonCharsMax: 160,
  /** After deregistration the platform may still deliver requests that were under way for this long. */
  goodbyeMs: 1_000,
  /** Time to fetch the platform's keys. */
  jwksFetchMs: 5_000,
} as const;
