/** The bounds and defaults of service levels; a part of `limits`. */
export const slaLimits = {
  /** What is promised of agents of each tier whose tenant has said nothing: millionths of the tasks that must not fail, */
  slaAvailabilityPpm: { gold: 999_000, silver: 995_000, bronze: 990_000 },
  /** the time within which a task is to end, */
  slaLatencyMs: { gold: 30_000, silver: 60_000, bronze: 300_000 },
  /** and millionths of the tasks that must. */
  slaLatencyPpm: { gold: 950_000, silver: 950_000, bronze: 900_000 },
  /** An objective outside of these bounds is refused; the database has them too. */
  slaPercentMin: 1,
  slaPercentMax: 100,
  slaLatencyMsMax: 7 * 24 * 60 * 60_000,
  /** Agents of one tenant with an objective of their own; more are refused until one is unset. */
  slaObjectivesPerTenantMax: 10_000,
  /** Changes of objectives that a report names; the first ones of the month are named. */
  slaChangesShownMax: 100,
  /** Time between two looks for tasks that have ended and are not counted yet. */
  slaCountEveryMs: 2_000,
  /** Tenants whose ended tasks one transaction counts; the next one takes those that waited longest. */
  slaCountTenantsMax: 32,
  /** Entries of one tenant's audit chain that it looks at; the next one goes on from there. Fewer after one that took too long. */
  slaCountEntriesMax: 400,
  /** Counts, and objectives that have been replaced, are kept this long. Months that began before have no report. */
  slaKeptMs: 400 * 24 * 60 * 60_000,
  /** A window with fewer tasks burns no budget: one failure of a quiet agent wakes nobody. */
  slaBurnTasksMin: 10,
  /** A burn rate above it is shown as this, also where nothing at all may fail. */
  slaBurnRateMax: 1_000_000,
} as const;
