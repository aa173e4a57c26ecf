/** The bounds of the result cache. */
export const resultLimits = {
  /** Cached results of one tenant. A newer result replaces an older one. */
  resultsPerTenantMax: 4_096,
  /** A longer result, in characters of JSON, is answered and not cached. */
  resultCharsMax: 131_072,
  /** The longest time to live of a cached result, and the longest time it may be served stale. A longer one is cut, or refused. */
  resultMsMax: 7 * 24 * 60 * 60_000,
  /** A claim to fetch a result expires when it is not renewed for this long. Then another task fetches. */
  resultClaimMs: 15_000,
  /** A claim is renewed this often. */
  resultRenewMs: 4_000,
  /** A task that waits for the result of another one polls for it this often, */
  resultPollMs: 100,
  /** and asks the agent itself after this time. */
  resultWaitMs: 5 * 60_000,
  /** A cache that has not answered after this time counts as a miss. */
  resultAnswerMs: 250,
  /** Cache policies, and purges, of one tenant. A further one is refused until some are unset. */
  cachePoliciesPerTenantMax: 1_000,
  /** Tenants whose cache policies one process caches. The oldest is dropped first. */
  knownCachePoliciesMax: 10_000,
  /** Cache policies in use are read again after this time, also when every notification is lost. */
  cachePoliciesRefreshMs: 5_000,
} as const;
