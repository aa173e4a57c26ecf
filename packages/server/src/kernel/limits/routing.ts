/** The bounds of finding an agent, a skill and an instance for a send. */
export const routingLimits = {
  /** Routes that one process caches. The oldest is dropped first. */
  routeCacheEntriesMax: 10_000,
  /** A cached route is read again after this time, also when every notification is lost. */
  routeRefreshMs: 5_000,
  /** Candidates that are stored with a routing decision, the chosen one first. The others are only counted. */
  decisionCandidatesMax: 12,
  /** Characters of a caller's value, such as a skill id, that are stored with a routing decision. The rest is cut. */
  decisionWordCharsMax: 128,
  /** Regions, versions or skills that one routing policy names. A longer list is refused. */
  routingEntriesMax: 20,
  /** Characters of a message's text that the router matches with skills. The rest is ignored. */
  routerTextChars: 1_000,
  /** Members of a message's data that the router matches with schemas. Data with more matches none. */
  routerMembersMax: 500,
  /** Skills that the router compares. Further ones are not considered. */
  routerOffersMax: 50,
  /** Skills that are stored with the router's choice, best first. The others are only counted. */
  routerReportsMax: 8,
  /** Agents that the router tries in order while they refuse a send. Then the caller gets the last refusal. */
  routerAttemptsMax: 5,
  /** Signed cards of routers that one process caches. The oldest is dropped first and is signed again when needed. */
  routerCardsMax: 1_000,
  /** A model that chooses among skills has this long to answer. Then the router compares the words. */
  chooserMs: 10_000,
  /** A longer answer of the model, in bytes, is ignored. */
  chooserAnswerBytesMax: 64 * 1024,
  /** Requests to the model that one process has open. For a further message the router compares the words. */
  choosersInFlightMax: 16,
  /** Copies to shadow versions that one process has open. A further copy is not sent. */
  mirrorsInFlightMax: 32,
  /** A copy to a shadow version is canceled after this time. */
  mirrorMs: 60_000,
} as const;
