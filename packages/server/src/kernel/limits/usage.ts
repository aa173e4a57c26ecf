/** The bounds of usage. */
export const usageLimits = {
  /** A worker counts tasks that ended this often. */
  usageCountEveryMs: 2_000,
  /** Tenants whose ended tasks one transaction counts. The next one takes the tenants that waited longest. */
  usageCountTenantsMax: 32,
  /** Entries of one tenant's audit chain that one transaction reads. The next one continues there. After a slow one it reads fewer. */
  usageCountEntriesMax: 400,
  /** Months of usage that are kept before the current one. Older months are dropped as a whole; the ledger keeps their credits. */
  usageKeptMonths: 25,
  /** The longest period of one report. A longer one is refused. */
  usagePeriodMsMax: 400 * 24 * 60 * 60_000,
  /** Groups of one report as CSV, and of a showback: they have no pages. A report with more is refused. */
  usageGroupsMax: 20_000,
} as const;
