/** The bounds of rate limits and quotas, and of how processes share them. */
export const rateLimits = {
  /** Principals, and as many agents and as many failing clients, whose rate one process counts. The oldest is dropped first; its count starts again. */
  watchedRatesMax: 20_000,
  /** Unauthenticated addresses whose rate one process counts. The oldest is dropped first; its count starts again. */
  watchedAddressesMax: 20_000,
  /** Requests per second of a tenant, of a principal and to an agent for which no limit is set. A further one is answered 429. */
  requestsPerSecondDefault: 10_000,
  /** Requests at once of the same. A further one is answered 429. */
  burstRequestsDefault: 10_000,
  /** A higher rate or burst is refused as invalid. */
  requestsPerSecondMax: 1_000_000,
  /** A higher quota is refused as invalid: it stays an exact JSON number. */
  quotaSendsMax: 1_000_000_000_000,
  /** Limits that one tenant sets for its clients and agents. A further one is refused until one is unset. */
  limitsPerTenantMax: 1_000,
  /** Unauthenticated requests per second of one address, unless the configuration says another number. A further one is answered 429. */
  unauthenticatedRequestsPerSecondDefault: 2_000,
  /** Unauthenticated requests at once of one address, unless the configuration says another number. A further one is answered 429. */
  unauthenticatedBurstRequestsDefault: 10_000,
  /** Open unauthenticated requests of one address at the token endpoint. A further one is answered 429. */
  unauthenticatedInFlightPerAddressMax: 500,
  /** Tenants whose limits one process caches. The oldest is dropped first. */
  knownLimitsMax: 10_000,
  /** Cached limits are read again after this time, also when every notification is lost. */
  limitsRefreshMs: 5_000,
  /** A process publishes what it counted to the others this often, */
  sharesExchangeMs: 1_000,
  /** or this often while a rate is close to its bound and other processes live. */
  sharesExchangeSoonMs: 50,
  /** An exchange of counts over Redis fails after this time; the next exchange sends the counts again. */
  sharesAnswerMs: 1_000,
  /** Counts of other processes are used for this long. Afterwards a process allows its strict share of each limit. */
  sharesKnownMs: 3_000,
  /** Rates that one statement publishes. The next statement publishes the rest. */
  sharesPerExchangeMax: 1_000,
  /** Rates that wait to be published while the store cannot be reached. The one counted first is dropped first, unpublished. */
  sharesUnreportedMax: 60_000,
  /** Sends that a process admits against a quota before it knows the count, or between two exchanges. */
  quotaShareSendsMin: 32,
  /** A count of sends is deleted this long after its period began. */
  quotaCountKeptMs: 62 * 24 * 60 * 60_000,
} as const;
