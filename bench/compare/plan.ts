/** What is measured. The gateway is measured with one tenant and with eight, because batches that carry several tenants cost more. */
export const subjects = ['gateway, 1 tenant', 'gateway, 8 tenants', 'SDK echo', 'bare agent'] as const;
export type Subject = (typeof subjects)[number];

/** How long, how often and how hard. */
export interface Plan {
  readonly rounds: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  /** Run before anything is measured, on every subject, so that compilers and pools have settled. */
  readonly settleMs: number;
  /** Whether each number of connections starts with a fresh SDK echo: its store holds every task, and a long run would slow it. */
  readonly renewSdkEcho: boolean;
}

export const plans = {
  quick: { rounds: 1, warmupMs: 400, measureMs: 2000, settleMs: 1500, renewSdkEcho: false },
  full: { rounds: 3, warmupMs: 1000, measureMs: 6000, settleMs: 4000, renewSdkEcho: true },
} as const satisfies Record<string, Plan>;

export const soak = { connections: 32, measureMs: 5 * 60_000, sampleMs: 1000, settledAfterMs: 2 * 60_000 } as const;

/** Body of every request, in bytes. */
export const bodyBytes = 1024;

/** Connections of the closed loop; at one connection the bare agent is called directly too, to see what the gateway adds. */
export const connectionCounts = [1, 32, 128] as const;

export interface Turn {
  readonly connections: number;
  readonly round: number;
  readonly subject: Subject;
}

/** Every measurement in order. Subjects alternate within a round, and each round starts with another one. */
export function turnsOf(plan: Plan): Turn[] {
  return connectionCounts.flatMap((connections) => {
    const taking: Subject[] =
      connections === 1 ? ['gateway, 1 tenant', 'bare agent', 'SDK echo'] : subjects.slice(0, 3);
    return Array.from({ length: plan.rounds }, (_, round) => {
      const first = round % taking.length;
      return [...taking.slice(first), ...taking.slice(0, first)].map((subject) => ({ connections, round, subject }));
    }).flat();
  });
}
