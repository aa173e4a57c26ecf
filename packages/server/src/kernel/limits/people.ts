/** The bounds of passwords, sign-ins and sessions. */
export const peopleLimits = {
  /** A link that sets a password is valid for this long. */
  passwordLinkMs: 24 * 60 * 60_000,
  /** A shorter password is refused, */
  passwordCharsMin: 12,
  /** and so is a longer one. */
  passwordCharsMax: 256,
  /** Password hashes that one process computes at once, 19 MiB each. Further ones wait, */
  passwordHashesAtOnceMax: 2,
  /** up to this number; above it the sign-in is answered 503. */
  passwordHashesWaitingMax: 64,
  /** Failed sign-ins with one name from one address, or one /64 of IPv6, without a wait. Each further failure doubles the wait. */
  signInFailuresFree: 5,
  /** The same for one name from all addresses, and for all names from one address. */
  signInFailuresFreeTogether: 50,
  /** The first wait after failed sign-ins, */
  signInWaitMsMin: 1_000,
  /** and the longest. */
  signInWaitMsMax: 15 * 60_000,
  /** Failed sign-ins are forgotten this long after the last one. */
  signInFailuresKeptMs: 60 * 60_000,
  /** A person stays signed in for this long, and a client gets tokens for the person without asking again. */
  sessionMs: 12 * 60 * 60_000,
  /** A sign-in with its consent has to be finished within this time; then it starts again. */
  interactionMs: 10 * 60_000,
  /** An authorization code is valid for this long. */
  authorizationCodeMs: 60_000,
  /** A form of our sign-in pages with more bytes is refused with 413. */
  formBytesMax: 16 * 1024,
} as const;
