/** The bounds of what is said of agents and of searches among them; a part of `limits`. */
export const registryLimits = {
  /** Searches for agents are read anew after this time, also when no hint arrived. */
  searchRefreshMs: 5_000,
  /** About so much memory one process spends on answers to searches; the oldest leave first. */
  searchCacheBytesMax: 16 * 1024 * 1024,
  /** Searches that one process remembers to have been asked, and as many of the five seconds before; an answer is kept once its search is repeated. */
  searchesNotedMax: 2_000,
  /** Served cards are read anew after this time, also when no hint arrived. */
  cardRefreshMs: 5_000,
  /** About so much memory one process spends on cards that it serves; the oldest leave first. */
  servedCardsBytesMax: 16 * 1024 * 1024,
  /** Longer texts and values to search for are refused as invalid. */
  searchCharsMax: 200,
  /** Agents in one answer of the discovery contract; the rest follows by its `Link`. */
  discoveryAgentsMax: 1_000,
  /** Skills of one card; a card with more is refused. */
  skillsPerCardMax: 500,
  /** Longer ids of skills are refused. */
  skillIdCharsMax: 200,
  /** Regions, and as many scopes, that a card may name for its agent; more are refused. */
  profileListItemsMax: 64,
  /** Tasks that an agent may say it works on at a time. */
  agentSlotsMax: 100_000,
  /** Schemas of one card, and the length, depth and parts of each; a card with more is refused. */
  schemasPerCardMax: 200,
  schemaCharsMax: 64 * 1024,
  schemaDepthMax: 32,
  schemaPartsMax: 2_000,
  /** A schema that takes more CPU time to compile is refused. */
  schemaCompileMs: 100,
  /** A value that takes more CPU time to judge by a schema is refused. */
  schemaJudgeMs: 50,
  /** As much CPU time a judgement has in the second after one that took too long. */
  schemaJudgeMsMin: 20,
  /** A schema that took too long takes no value for this time. */
  slowSchemaMs: 60_000,
  /** Compiled schemas kept by one process; the one used longest ago leaves first. */
  compiledSchemasMax: 500,
} as const;
