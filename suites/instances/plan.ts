/** How an instance fails. `dies`: its process is killed. `hangs`: it takes connections and says nothing. `errs`: it answers 500. */
export const illnesses = ['dies', 'hangs', 'errs'] as const;

export type Illness = (typeof illnesses)[number];

/** How many pairs of windows there are for each illness, one with an instance that is ill and one without, and how long each is. */
export interface InstancesPlan {
  readonly pairs: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export const instancesPlans = {
  quick: { pairs: 1, warmupMs: 500, measureMs: 4_000 },
  full: { pairs: 5, warmupMs: 1_000, measureMs: 7_000 },
} as const satisfies Record<string, InstancesPlan>;

/** Calls under way at a time: of the agent with an instance that is ill, and of its neighbour. */
export const connections = { victim: 6, neighbour: 6 } as const;

/** An instance that says nothing for so long has failed, as its tenant says. */
export const firstAnswerMs = 1_000;

/** From the healing on: the breaker is open for half a minute, then one call is let through. */
export const recoveryMsMax = 60_000;
