/** The bounds of finding an agent, a skill and an instance for a send. */
export const routingLimits = {
  /** Candidates that are kept with a routing decision, the winner first; the others are only counted. */
  decisionCandidatesMax: 12,
  /** Characters of a caller's word, such as the id of a skill, that are kept with a routing decision; the rest is cut. */
  decisionWordCharsMax: 128,
  /** Regions, versions and skills that one routing policy can name, each; a longer list is refused. */
  routingEntriesMax: 20,
  /** Characters of a message's text that the router looks for skills with; the rest does not count. */
  routerTextChars: 1_000,
  /** Members of a message's data by whose names the router looks for schemas; data with more fits none. */
  routerMembersMax: 500,
  /** Skills that the router weighs; those beyond are not considered. */
  routerOffersMax: 50,
  /** Skills that are kept with the router's choice, in their order; the others are only counted. */
  routerReportsMax: 8,
  /** Agents that the router tries one after the other when they can not be sent to; then the last refusal is answered. */
  routerAttemptsMax: 5,
  /** Signed cards of routers that one process keeps; the oldest leaves first and is signed anew. */
  routerCardsMax: 1_000,
  /** The model that chooses among skills has this long to answer; then the words decide. */
  chooserMs: 10_000,
  /** Bytes of its answer that are read; a longer one is none. */
  chooserAnswerBytesMax: 64 * 1024,
  /** Questions to the model that one process has under way; for a further one the words decide. */
  choosersInFlightMax: 16,
  /** Copies to shadow versions that one process has under way; a further one is not sent. */
  mirrorsInFlightMax: 32,
  /** A copy to a shadow version is given up after this time. */
  mirrorMs: 60_000,
} as const;
