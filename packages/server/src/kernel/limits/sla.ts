/** The bounds and defaults of service levels. */
export const slaLimits = {
  /** Default objective of agents of each tier: millionths of the tasks that must not fail, */
  slaAvailabilityPpm: { gold: 999_000, silver: 995_000, bronze: 990_000 },
  /** the time within which a task has to end, */
  slaLatencyMs: { gold: 30_000, silver: 60_000, bronze: 300_000 },
  /** and millionths of the tasks that have to end within it. */
  slaLatencyPpm: { gold: 950_000, silver: 950_000, bronze: 900_000 },
  /** An objective with a smaller percentage is refused, */
  slaPercentMin: 1,
  /** and so is one with a larger percentage, */
  slaPercentMax: 100,
  /** or with a longer time. The database has these bounds too. */
  slaLatencyMsMax: 7 * 24 * 60 * 60_000,
  /** Agents of one tenant with an objective of their own. A further one is refused until one is unset. */
  slaObjectivesPerTenantMax: 10_000,
  /** Changes of objectives that a report names: the first ones of the month. Further ones are not shown. */
  slaChangesShownMax: 100,
  /** A worker counts tasks that ended this often. */
  slaCountEveryMs: 2_000,
  /** Tenants whose ended tasks one transaction counts. The next one takes the tenants that waited longest. */
  slaCountTenantsMax: 32,
  /** Entries of one tenant's audit chain that one transaction reads. The next one continues there. After a slow one it reads fewer. */
  slaCountEntriesMax: 400,
  /** Counts, and objectives that were replaced, are deleted after this time. Earlier months have no report. */
  slaKeptMs: 400 * 24 * 60 * 60_000,
  /** A window with fewer tasks burns no budget, so that one failure of a quiet agent raises no alert. */
  slaBurnTasksMin: 10,
  /** A higher burn rate is shown as this, also where no task may fail. */
  slaBurnRateMax: 1_000_000,
} as const;
