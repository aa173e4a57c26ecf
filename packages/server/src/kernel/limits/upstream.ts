/** The bounds of connections to agents and of what agents answer. */
export const upstreamLimits = {
  /** Bytes of one agent's answer, or of the log of one task. With more the task fails as upstream.too-large. */
  upstreamBytesMax: 16 * 1024 * 1024,
  /** Bytes that each piece of an answer counts beside its own, so that an answer in pieces of one byte ends within seconds. */
  upstreamPieceBytes: 64,
  /** Bytes of one streamed event of an agent. With more the task fails as upstream.too-large. */
  upstreamEventBytesMax: 4 * 1024 * 1024,
  /** Bytes of an agent's HTTP error that are read for its reason. With more the connection closes. */
  upstreamRefusalBytesMax: 64 * 1024,
  /** Decoded events of one call that wait for the log of their task. Above it the agent's stream is paused. */
  upstreamWaitingEventsMax: 64,
  /** Bytes of one call whose events wait for the log of their task. Above it the agent's stream is paused. */
  upstreamWaitingBytesMax: 256 * 1024,
  /** Interim answers (HTTP 1xx) to one request of ours. With a further one the connection closes. */
  upstreamInterimAnswersMax: 16,
  /** A stream that is no longer read may end by itself within this time, so that its connection is reused. */
  upstreamLingerMs: 1_000,
  /** Connecting to an agent fails after this time. */
  upstreamConnectMs: 5_000,
  /** A call fails when its agent sends nothing for this long. */
  upstreamIdleMs: 60_000,
  /** Connections to one agent instance. Further calls wait. */
  upstreamConnectionsMax: 256,
  /** Calls at once on one HTTP/2 connection to an agent. Further ones use another connection. */
  upstreamStreamsPerConnectionMax: 100,
  /** Origins of agents with a connection pool. The least used pool closes first. */
  upstreamPoolsMax: 1_000,
  /**
   * A failure to read from an address that a caller names is answered after a multiple of this time. Longer than any such read takes,
   * so that the time says nothing about the address.
   */
  addressFailureMs: 5_000,
  /** The same for a notification that failed: as long as its receiver may take, and this much longer. */
  addressFailureSlackMs: 500,
} as const;
