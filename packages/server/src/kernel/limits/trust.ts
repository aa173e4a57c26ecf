/** The bounds of keys that sign cards. */
export const trustLimits = {
  /** Card keys that one tenant trusts at a time. A further one is refused until one is revoked. */
  trustedCardKeysMax: 100,
} as const;
