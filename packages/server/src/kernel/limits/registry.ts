/** The bounds of agents, of their cards, schemas and endpoints, and of searches among them. */
export const registryLimits = {
  /** Cached searches are read again after this time, also when every notification is lost. */
  searchRefreshMs: 5_000,
  /** About so much memory of one process holds results of searches. The oldest are dropped first. */
  searchCacheBytesMax: 16 * 1024 * 1024,
  /** Searches of the last five seconds, and as many of the five before, that one process remembers. A result is cached when its search is repeated. */
  searchesNotedMax: 2_000,
  /** Served cards are read again after this time, also when every notification is lost. */
  cardRefreshMs: 5_000,
  /** About so much memory of one process holds served cards. The oldest are dropped first. */
  servedCardsBytesMax: 16 * 1024 * 1024,
  /** A longer text or value to search for is refused as invalid. */
  searchCharsMax: 200,
  /** Agents in one answer of the discovery contract. Its `Link` leads to the rest. */
  discoveryAgentsMax: 1_000,
  /** A longer card is refused. */
  cardBytesMax: 256 * 1024,
  /** Fetching a card from the address of an agent's registration fails after this time; less than `addressFailureMs`. */
  cardFetchMs: 4_500,
  /** Changes that a comparison of two cards shows. Further ones are only counted. */
  cardChangesMax: 500,
  /** A card with more skills is refused. */
  skillsPerCardMax: 500,
  /** A skill with a longer id is refused. */
  skillIdCharsMax: 200,
  /** Regions, and as many scopes, that a card names for its agent. A card with more is refused. */
  profileListItemsMax: 64,
  /** A card that says that its agent works on more tasks at a time is refused. */
  agentSlotsMax: 100_000,
  /** A card with more schemas is refused, */
  schemasPerCardMax: 200,
  /** and so is one with a longer schema, */
  schemaCharsMax: 64 * 1024,
  /** a deeper one, */
  schemaDepthMax: 32,
  /** or one with more parts. */
  schemaPartsMax: 2_000,
  /** A schema that takes more CPU time to compile is refused. */
  schemaCompileMs: 100,
  /** A value that takes more CPU time to validate is refused. */
  schemaJudgeMs: 50,
  /** CPU time that a validation gets in the second after one that took too long. */
  schemaJudgeMsMin: 20,
  /** A schema that took too long validates no value for this time. */
  slowSchemaMs: 60_000,
  /** Compiled schemas that one process caches. The least recently used is dropped first. */
  compiledSchemasMax: 500,
  /** Keys that the endpoint of one agent may be pinned to. A longer list is refused. */
  pinnedKeysMax: 8,
  /** The certificates of agents' endpoints are checked this often, */
  endpointCheckMs: 12 * 60 * 60_000,
  /** and this soon after a bad certificate or an unreachable endpoint; each further failure doubles the pause. */
  endpointRecheckMs: 60 * 60_000,
  /** A worker claims agents with a due check this often, */
  endpointChecksEveryMs: 5_000,
  /** and at most so many at once; the next claim takes more. */
  endpointChecksMax: 16,
  /** Endpoints that one process checks at once. Further ones wait. */
  endpointProbesAtOnceMax: 64,
  /**
   * A worker pauses for this long between two claims while checks are due. Two workers check 100,000 agents that were registered at
   * once within half an hour, and callers notice nothing.
   */
  endpointChecksRestMs: 500,
  /** Another worker claims a check again after this time; longer than `agentInstancesMax` unreachable endpoints of each agent take. */
  endpointCheckClaimMs: 180_000,
} as const;
