/** The bounds of credits. */
export const meteringLimits = {
  /** A larger grant or price, in micro-credits, is refused as invalid: it stays an exact JSON number. */
  amountMicrocreditsMax: 9_000_000_000_000_000,
  /** Grants of one tenant that are going to expire. A further one with an expiry is refused until one has expired. */
  creditGrantsExpiringMax: 1_000,
  /** A worker closes grants that have expired this often. */
  creditLapseEveryMs: 60_000,
  /** Tenants whose expired grants one round closes. The next one follows at once. */
  creditLapseTenantsMax: 100,
  /**
   * The ledger is summed up to a midnight only so long after it, when no transaction that began before it can still be open. A statement is final
   * from then on.
   */
  creditCheckpointAfterMs: 3_600_000,
  /** A worker checks this often which wallets are due to be reconciled. */
  creditReconcilePollMs: 60_000,
  /** Each wallet is reconciled this often. */
  creditReconcileEveryMs: 24 * 60 * 60_000,
  /** Wallets that one round reconciles. The next one follows at once. */
  creditReconcileTenantsMax: 20,
} as const;
