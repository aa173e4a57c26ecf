/** The bounds of instances and of what watches over them; part of `limits`. */
export const instanceLimits = {
  /** Instances of one agent that have not left; a further one is refused. */
  agentInstancesMax: 100,
  /** Lease of an instance that registers itself, unless it asks for another one; it renews three times within it. */
  instanceLeaseMs: 30_000,
  instanceLeaseMsMin: 1_000,
  instanceLeaseMsMax: 60 * 60_000,
  /** Ended leases that one look judges; the next look judges more. None of them is routed to meanwhile. */
  lapsedLeasesMax: 256,
  /** An instance that left is forgotten after this time; until then tasks that it worked on find it. */
  instanceLeftKeptMs: 7 * 24 * 60 * 60_000,
  /** Events kept of one instance; the oldest leaves first. */
  instanceEventsMax: 200,
  /** Things that one heartbeat may say the instance depends on; more are refused. */
  instanceDependenciesMax: 32,
  /** What an instance says of its health is cut to this length. */
  healthReasonCharsMax: 160,
  /** What callers say of an instance that stands out is cut to this length. */
  outlierReasonCharsMax: 100,
  /** Between two probes of an instance that is in use, unless configuration or its agent's policy says otherwise. */
  instanceProbeMs: 10_000,
  /** Time an instance has to answer a probe; then it has failed. */
  instanceProbeTimeoutMs: 3_000,
  /** An instance that begins to fail, or to answer again, is probed after this time until that is certain. */
  instanceProbeAgainMs: 2_000,
  /** Probes of an instance that stays unhealthy come no further apart than this. */
  instanceProbeUnhealthyMs: 30_000,
  /** Probes of an instance that nobody uses come no further apart than this. */
  instanceProbeIdleMs: 5 * 60_000,
  /** A probe that was claimed and not made is due again after this time; longer than any probe may take. */
  instanceProbeClaimMs: 60_000,
  /** Bytes of an answer to a probe that are read; more ends the connection. */
  instanceProbeBytesMax: 64 * 1024,
  /** Probes that one process makes at once; more wait. */
  instanceProbesInFlightMax: 64,
  /** The part of them that may be one tenant's. */
  instanceProbesPerTenantMax: 32,
  /** An instance is in use for this long after a task went to it. */
  instanceUseMs: 60_000,
  /** A process tells this often which instances its tasks went to. */
  instanceUseTellMs: 10_000,
  /** Instances that one process remembers the use of; of more it tells nothing. */
  instanceUsesMax: 10_000,
  /** What callers see of an instance counts for this long, and for so many times as long when they see it again and again. */
  instanceOutlierMs: 30_000,
  instanceOutlierTimesMax: 10,
  /** A process tells of one instance that stands out no more often than this. */
  instanceOutlierNoteMs: 5_000,
} as const;
