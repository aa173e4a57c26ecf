/** The bounds of the bytes that one process holds for its tenants: answers of agents, answers to callers, and notifications. */
export const memoryLimits = {
  /**
   * Bytes that one process holds for all tenants, unless the configuration says another number or an eighth of V8's heap limit is less.
   * Above it agents are not read on, and answers wait or are refused. A byte held takes about three in memory until it is sent or written.
   */
  heldBytesMax: 256 * 1024 * 1024,
  /** V8's heap limit divided by this number bounds these bytes too. */
  heldBytesPerHeap: 8,
  /** A request, a run or a delivery that holds at most this many bytes counts for none: other bounds limit their number. */
  heldBytesFree: 16 * 1024,
  /** An answer waits this long for other answers of its caller or tenant to leave. Then it is refused with 429, or 503. */
  heldWaitMs: 10_000,
  /** Answers of one caller that wait for this. A further one is refused at once. */
  heldWaitersMax: 64,
  /** While others of its tenant wait, a stream whose reader takes nothing for this long is closed; the reader can resume it. */
  heldStreamStallMs: 1_000,
  /** The same for any other answer. */
  heldAnswerStallMs: 10_000,
  /** How often those that wait are checked against those that stall. */
  heldCheckMs: 500,
  /** Work on more bytes of one answer waits for its tenant's turn, and such work of all tenants has a quarter of the process at most. */
  longWorkBytes: 128 * 1024,
} as const;
