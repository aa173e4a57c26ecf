/** The bounds of circuit breakers, retries and concurrency limits of instances. */
export const resilienceLimits = {
  /** Instances, and as many breakers, that one process remembers. The oldest is dropped first and starts again. */
  observedInstancesMax: 10_000,
  /** Consecutive faults that open the breaker of an instance. Nothing is sent to it until a probe succeeds. */
  breakerFaultsMax: 5,
  /** A fault that comes later than this after the one before starts a new count. */
  breakerFaultsWithinMs: 60_000,
  /** A breaker opens for this long, multiplied by the number of its recent openings. Then it lets one probe through. */
  breakerOpenMs: 30_000,
  /** The longest that a breaker is open before a probe. */
  breakerOpenMsMax: 5 * 60_000,
  /** A breaker without a fault for this long opens for the shortest time again. */
  breakerPeaceMs: 10 * 60_000,
  /** The longest time that the platform honours `Retry-After` of an agent; a longer one is cut. */
  upstreamRetryAfterMsMax: 5 * 60_000,
  /** A process reports the result of its probe within this time; then another process may probe. */
  breakerProbeMs: 60_000,
  /** Every process reads the breakers again this often, also when every notification is lost. */
  breakerRefreshMs: 5_000,
  /** Open calls of one process to one instance, unless its policy says another number. Further ones wait. */
  instanceCallsMax: 2_000,
  /** Calls that wait for one instance. A further send is answered 503. */
  instanceCallsWaitingMax: 2_000,
  /** A send to an agent whose oldest task in the queue is older is answered 503, unless its policy says another time. */
  queueAgeMsMax: 10 * 60_000,
  /** Agent attempts of one task after its first. Then the task fails. */
  agentAttemptsMax: 8,
  /** Each call of an agent saves this part of a retry for its later calls. Without a saved retry a task fails at once. */
  retryShare: 0.1,
  /** Retries that can be saved for one agent. */
  retriesSavedMax: 100,
  /** Retries of an agent before its first call. */
  retriesAtFirst: 10,
  /** Agents whose retries one process counts. The oldest is dropped first and starts again. */
  retryBudgetsMax: 10_000,
} as const;
