/** Every bound of a client in one place. A name ends in its unit; the comment says what happens at the bound. */
export const clientLimits = {
  /** Attempts of one request, the first included; then its error is thrown. */
  attemptsMax: 5,
  /** The pause before the second attempt is random between nothing and this; the limit doubles with each further attempt. */
  backoffFirstMs: 200,
  /** No pause is longer, unless the platform asks for it. */
  backoffMs: 5_000,
  /** When the platform asks for a longer pause, the client does not retry. */
  retryAfterMsMax: 60_000,
  /** A token this close to its end is replaced before use. */
  tokenRenewBeforeMs: 30_000,
  /** Time to obtain a token. */
  tokenMs: 15_000,
  /** Larger answers are refused. */
  answerBytesMax: 33_554_432,
  /** A stream that stays silent longer, comments included, counts as cut. */
  streamSilenceMs: 60_000,
  /** Larger single events of a stream are refused. */
  eventBytesMax: 16_777_216,
} as const;
