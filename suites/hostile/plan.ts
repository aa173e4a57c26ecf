/** How long a window is, and how many pairs of them there are: one of each pair with hostile agents at work, one without. */
export interface HostilePlan {
  readonly pairs: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** The neighbour's calls under way at a time. */
export const neighbourConnections = 8;

/** Tasks that begin at hostile agents in each second of a window. In the first attack all begin at once. */
export const attacksPerSecond = 4;

export const hostilePlans = {
  quick: { pairs: 3, warmupMs: 300, measureMs: 3_500 },
  full: { pairs: 7, warmupMs: 1_000, measureMs: 20_000 },
} as const satisfies Record<string, HostilePlan>;
