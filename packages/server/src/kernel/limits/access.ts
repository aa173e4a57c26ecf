/** The bounds of credentials, of keys that sign and of what callers may do. */
export const accessLimits = {
  /** A longer access token is refused as unauthenticated. */
  tokenBytesMax: 8 * 1024,
  /** The times of a token may differ from our clock by this much. */
  tokenLeewayMs: 60_000,
  /** A longer DPoP proof is refused as invalid. */
  proofBytesMax: 4 * 1024,
  /** A proof with a longer id (`jti`) is refused as invalid. */
  proofIdCharsMax: 256,
  /** A proof whose time differs from our clock by more than this is refused. */
  proofMs: 60_000,
  /** A nonce for proofs is given out for this long, */
  proofNonceStepMs: 60_000,
  /** and accepted until it is this old. */
  proofNonceMs: 5 * 60_000,
  /** Public keys of proofs that one process caches. The oldest is dropped first. */
  proofKeysMax: 10_000,
  /** Proofs whose first use waits to be recorded. A further one is answered 503. */
  spentProofsWaitingMax: 20_000,
  /** A client assertion (RFC 7523) with a longer life is refused. */
  clientAssertionMs: 60_000,
  /** The times of a client assertion may differ from our clock by this much. */
  clientAssertionLeewayMs: 10_000,
  /** Live secrets of one client. A further one is refused until one is revoked or has ended. */
  clientSecretsMax: 2,
  /** Keys, or certificates, of one client. A registration with more is refused. */
  clientKeysMax: 5,
  /** Certificate authorities that one tenant trusts for its clients. A further one is refused until one is removed. */
  clientAuthoritiesMax: 20,
  /** A longer certificate, as PEM text, is refused. */
  certificateCharsMax: 16 * 1024,
  /** A signing key gets a successor at this age. */
  signingKeyMs: 90 * 24 * 60 * 60_000,
  /** A new key is published for this long before it signs: longer than clients cache the published keys. */
  signingKeyPublishedMs: 10 * 60_000,
  /** A key that no longer signs stays published for this long: longer than anything that it signed is valid. */
  signingKeyHeldMs: 30 * 60_000,
  /** Every process reads the signing keys again this often, also when every notification is lost, so that a dropped key is gone within this time. */
  signingKeysRefreshMs: 3_500,
  /** A retired key is deleted after this time. */
  retiredKeyKeptMs: 24 * 60 * 60_000,
  /** An unknown key id makes a process read the signing keys at most this often. */
  signingKeysReadMs: 1_000,
  /** Failed authentications of one client from one address in one window. A further attempt is answered 429 until the window ends. */
  clientAuthFailuresMax: 10,
  clientAuthFailureWindowMs: 60_000,
  /** Verified tokens that one process caches. The oldest is dropped first. */
  tokenCacheEntriesMax: 10_000,
  /**
   * A cached token is verified again after this time, so that a revoked client is refused within it. A stream that begins on a cached
   * token ends one status check later: with `callerStatusCheckMs` and two reads of 250 ms after 4,000 ms of the 5,000 ms that are promised.
   */
  tokenCacheMs: 2_500,
  /** The rights of a caller that takes longer than this to send a body are checked again before the request is executed. */
  callerKnownMs: 500,
  /** Caller statuses that one statement looks up. Another statement looks up the rest. */
  callerStatusesPerCheckMax: 1_000,
  /** The status of the caller behind an open stream is checked this often, also when every notification is lost. */
  callerStatusCheckMs: 1_000,
  /** A process acts on notifications of changed rights no more often than this; those in between are handled together. */
  accessNotificationMsMin: 100,
  /** Actors between a principal and the client that acts for it. A token exchange that adds a further one is refused. */
  delegationActorsMax: 4,
  /** Roles that one principal has at a time. A further one is refused. */
  grantsPerPrincipalMax: 1_000,
  /** An access token is valid for this long. */
  accessTokenMs: 10 * 60_000,
  /** Issuers of our own tokens that the database keeps. Adding another one forgets the oldest, whose tokens other processes then refuse. */
  ownIssuersMax: 100,
  /** A process reads the issuers of others when a token names an unknown one, but no more often than this. */
  ownIssuersReadMs: 100,
  /** A token that accompanies a forward to an agent is valid for this long. */
  forwardTokenMs: 5 * 60_000,
  /** Tasks that one forward token names. Further sends of the same moment share the next token. */
  forwardTokenTasksMax: 8,
  /** A longer department or cost center of a client or an API key is refused. */
  allocationCharsMax: 200,
} as const;
