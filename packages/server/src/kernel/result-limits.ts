/** Bounds of the result cache; a part of `limits`. */
export const resultLimits = {
  /** Places for results of cacheable skills that one tenant has; a newer result takes the place of an older one. */
  resultsPerTenantMax: 4_096,
  /** Characters of one result as JSON; a longer one is given to who asked and not kept. */
  resultCharsMax: 131_072,
  /** The longest time that a result may be used again, and the longest that it may be given after its time; a longer one is cut, or refused. */
  resultMsMax: 7 * 24 * 60 * 60_000,
  /** A claim to fetch a result ends when it was not renewed for this long; another task fetches then. */
  resultClaimMs: 15_000,
  /** It is renewed this often. */
  resultRenewMs: 4_000,
  /** Who waits for the result of another task looks for it this often, */
  resultLookMs: 100,
  /** and asks the agent itself after this time. */
  resultWaitMs: 5 * 60_000,
  /** A cache that has not answered after this time has nothing. */
  resultAnswerMs: 250,
  /** Terms of results that one tenant can set, purges included; more are refused until some are unset. */
  resultTermsPerTenantMax: 1_000,
  /** Tenants whose terms one process keeps; the oldest leaves first. */
  knownResultTermsMax: 10_000,
  /** Terms in use are read anew after this time, also when no hint arrived. */
  resultTermsRefreshMs: 5_000,
} as const;
