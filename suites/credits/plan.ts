/** How much one run of the suite does. */
export interface CreditPlan {
  /** Each round has new tenants, so that a check reads the entries of one round and not of the whole run. In every second one they have budgets. */
  readonly rounds: number;
  readonly operationsInRound: number;
  readonly processes: number;
  /** Over all processes. */
  readonly workers: number;
  /** The identity is checked whenever this many more operations have been committed or refused. */
  readonly operationsBetweenChecks: number;
  /** A cancel in one process against a completion in another one. */
  readonly races: number;
}

const shape = { processes: 3, workers: 16, operationsBetweenChecks: 1_000 } as const;

export const creditPlans = {
  quick: { ...shape, rounds: 2, operationsInRound: 10_000, races: 200 },
  full: { ...shape, rounds: 20, operationsInRound: 50_000, races: 2_000 },
} as const satisfies Record<string, CreditPlan>;

/** Operations that each worker has under way. */
export const operationsAtOnce = 4;
