/** The bounds of instances of agents, of their leases and of health checks. */
export const instanceLimits = {
  /** Instances of one agent that have not left. A further one is refused. */
  agentInstancesMax: 100,
  /** Lease of an instance that registers itself and names no other time. An instance renews three times within its lease. */
  instanceLeaseMs: 30_000,
  /** A shorter lease is refused, */
  instanceLeaseMsMin: 1_000,
  /** and so is a longer one. */
  instanceLeaseMsMax: 60 * 60_000,
  /** Expired leases that one check handles. The next check handles more. No send goes to their instances meanwhile. */
  lapsedLeasesMax: 256,
  /** An instance that left is deleted after this time. Until then its tasks find it. */
  instanceLeftKeptMs: 7 * 24 * 60 * 60_000,
  /** Events of one instance that are stored. The oldest is deleted first. */
  instanceEventsMax: 200,
  /** Dependencies that one heartbeat of an instance may name. A longer list is refused. */
  instanceDependenciesMax: 32,
  /** A longer reason for an instance's health is cut to this length. */
  healthReasonCharsMax: 160,
  /** A longer reason for an outlier is cut to this length. */
  outlierReasonCharsMax: 100,
  /** An instance in use is probed this often, unless the configuration or the policy of its agent says otherwise. */
  instanceProbeMs: 10_000,
  /** A probe that is not answered after this time has failed. */
  instanceProbeTimeoutMs: 3_000,
  /** An instance whose probes begin to fail, or to succeed again, is probed this often until its health is certain. */
  instanceProbeAgainMs: 2_000,
  /** Longest time between two probes of an instance that stays unhealthy. */
  instanceProbeUnhealthyMs: 30_000,
  /** Longest time between two probes of an instance that is not in use. */
  instanceProbeIdleMs: 5 * 60_000,
  /** A probe that a worker claimed and did not report is due again after this time; longer than any probe takes. */
  instanceProbeClaimMs: 60_000,
  /** The connection closes after this many bytes of an answer to a probe. */
  instanceProbeBytesMax: 64 * 1024,
  /** Probes that one process makes at once. Further ones wait. */
  instanceProbesInFlightMax: 64,
  /** The share of one tenant in these probes. */
  instanceProbesPerTenantMax: 32,
  /** An instance is in use for this long after a task went to it. */
  instanceUseMs: 60_000,
  /** A process writes this often which instances its tasks went to. */
  instanceUseFlushMs: 10_000,
  /** Instances whose use one process remembers. The use of further ones is not written. */
  instanceUsesMax: 10_000,
  /** An outlier that callers observed counts for this long, */
  instanceOutlierMs: 30_000,
  /** and for up to so many times as long when they observe it again and again. */
  instanceOutlierTimesMax: 10,
  /** An instance that a call could not connect to counts as degraded for this long, unless a later call is answered. */
  instanceUnreachedMs: 10_000,
  /** A process writes no more often than this that calls reach an instance again, or that they no longer do. Changes in between are not written. */
  instanceReachedNoteMs: 1_000,
  /** A process reports one outlier no more often than this. */
  instanceOutlierNoteMs: 5_000,
} as const;
