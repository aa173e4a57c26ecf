/** The bounds of alerts about credits. */
export const alertLimits = {
  /** A worker checks all tenants for alerts this often. */
  alertCheckEveryMs: 5_000,
  /** Tenants that one slice of a check reads. The next slice reads the rest. */
  alertTenantsMax: 200,
  /** A burn rate is measured over at least this time. */
  burnRateMs: 60 * 60_000,
  /** A window of a budget is still checked for this long after its end. */
  alertWindowEndedMs: 60 * 60_000,
  /** An alert is deleted at this age. */
  alertKeptMs: 400 * 24 * 60 * 60_000,
} as const;
