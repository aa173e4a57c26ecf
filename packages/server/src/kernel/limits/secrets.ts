/** The bounds of sealed secrets, of data keys and of their rotation. */
export const secretLimits = {
  /** Owners whose unwrapped data keys one process caches. The least used is dropped first and unwrapped again when needed. */
  dataKeyOwnersMax: 10_000,
  /** Data keys of one owner that one process caches. The oldest is dropped first. */
  dataKeysPerOwnerMax: 8,
  /** Every process looks up again after this time which data key of an owner seals, so that a rotation reaches it. */
  dataKeyRefreshMs: 5_000,
  /** A worker checks this often whether a rotation of secret keys has work left. */
  rotationPollMs: 5_000,
  /** After this time every process seals with an owner's new data key. Then its secrets are sealed again. */
  rotationSettleMs: 15_000,
  /** A worker that reports nothing for this long loses its claim on a rotation. */
  rotationClaimMs: 60_000,
  /** Tenants whose keys or secrets are handled under one claim. The next claim continues. */
  rotationTenantsMax: 20,
  /** Secrets that are sealed again between two checks of the claim. */
  rotationSecretsMax: 100,
  /** A stored secret that cannot be opened is noted in the audit log at most this often, */
  secretFaultEntryMs: 60_000,
  /** and so many of them are remembered for it; the oldest is dropped first. */
  secretFaultsKnownMax: 1_000,
} as const;
