/** The bounds of budgets. */
export const budgetLimits = {
  /** Budgets of one tenant. A further one is refused until one is unset. */
  budgetsPerTenantMax: 100,
  /** A longer skill, client, department or cost center is refused. */
  budgetSubjectCharsMax: 200,
  /** Thresholds of one budget. More are refused. */
  budgetAlertPercentsMax: 10,
  /** A higher threshold is refused: soft budgets can be overspent this far. */
  budgetAlertPercentMax: 1_000,
  /** Thresholds of a budget that names none. */
  budgetAlertPercentsDefault: [50, 80, 100],
  /** A smaller burn rate factor is refused, */
  burnRateFactorMin: 1,
  /** and so is a larger one. */
  burnRateFactorMax: 1_000,
  /** A window is deleted this long after its end; what a task that is still open releases then returns to the wallet alone. */
  budgetWindowKeptMs: 400 * 24 * 60 * 60_000,
  /** A send whose tenant's budgets change while it is prepared is prepared anew this often, then refused as `platform.unavailable`. */
  budgetsRereadMax: 10,
} as const;
