/** The bounds of the leases of nodes, and of what is taken over from dead ones; part of `limits`. */
export const leaseLimits = {
  /** Interval of a node's heartbeat. */
  heartbeatMs: 1_000,
  /** A node whose heartbeat is older, by database time, is dead. */
  nodeDeadAfterMs: 5_000,
  /** A node that could not renew for this long stops its upstream calls and writes. */
  nodeFenceAfterMs: 3_000,
  /** The reaper judges nobody before it has seen the database up for this long. */
  reaperGraceMs: 5_000,
  /** Tasks taken over in one sweep; the next sweep takes more. */
  reaperTasksMax: 200,
  /** Tasks of a sweep that are read and begun at once, so that they share their reads; the others wait for their turn and leave room for callers. */
  takeOversAtOnceMax: 16,
} as const;
