/** The bounds of what happens when agents fail; they are among the `limits`. */
export const resilienceLimits = {
  /** Instances of which one process remembers what it saw, and as many breakers; the oldest leaves first and begins anew. */
  observedInstancesMax: 10_000,
  /** Faults in a row that open the breaker of an instance; nothing is sent to it until a probe is answered. */
  breakerFaultsMax: 5,
  /** A fault that comes later than this after the one before it begins a new row. */
  breakerFaultsWithinMs: 60_000,
  /** A breaker is open for this long, times its openings without a peace between them, up to the second number; then one probe is let through. */
  breakerOpenMs: 30_000,
  breakerOpenMsMax: 5 * 60_000,
  /** A breaker that had no fault for this long opens for the shortest time again. */
  breakerPeaceMs: 10 * 60_000,
  /** An agent that asks to be left alone for a while (`Retry-After`) is, for at most this long; a longer wish counts as this. */
  upstreamRetryAfterMsMax: 5 * 60_000,
  /** Who lets a probe through has this long to tell how it went; then somebody else may. */
  breakerProbeMs: 60_000,
  /** Every process reads the breakers anew this often, also when no hint arrived. */
  breakerRefreshMs: 5_000,
  /** Calls of one process that an instance has open at once, unless its policy says another number; more wait. */
  instanceCallsMax: 2_000,
  /** Calls that wait for one instance; a further send is answered 503. */
  instanceCallsWaitingMax: 2_000,
  /** A send to an agent whose oldest waiting task waits for longer is answered 503, unless its policy says another time. */
  queueAgeMsMax: 10 * 60_000,
  /** Others that may be asked to do one task after its first try; then it fails. */
  agentAttemptsMax: 8,
  /** Tries in the place of a failed one, for each call of an agent: the part of its calls, and what may be saved up. Without it a task fails at once. */
  retryShare: 0.1,
  retriesSavedMax: 100,
  /** What an agent has of them before its first call. */
  retriesAtFirst: 10,
  /** Agents whose retries one process counts; the oldest leaves first and begins anew. */
  retryBudgetsMax: 10_000,
} as const;
