/**
 * What is measured. The gateway is measured with one tenant and with eight, because batches that carry several tenants cost more.
 * `SDK echo` answers with a message, the least the SDK can do, and is what bars are set against; `SDK task echo` answers with a
 * completed task, as the gateway does.
 */
export const subjects = ['gateway, 1 tenant', 'gateway, 8 tenants', 'SDK echo', 'SDK task echo', 'bare agent'] as const;
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
  /** Whether the SDK echo that answers with a task is measured too. */
  readonly withTaskEcho: boolean;
}

export const plans = {
  quick: { rounds: 1, warmupMs: 400, measureMs: 2000, settleMs: 1500, renewSdkEcho: false, withTaskEcho: false },
  full: { rounds: 3, warmupMs: 1000, measureMs: 6000, settleMs: 4000, renewSdkEcho: true, withTaskEcho: true },
} as const satisfies Record<string, Plan>;

export const soak = { connections: 32, measureMs: 5 * 60_000, sampleMs: 1000, settledAfterMs: 2 * 60_000 } as const;

/** Body of every request, in bytes. */
export const bodyBytes = 1024;

/**
 * Connections of the closed loop, most first, so that latency at one connection is measured on code that is hot. At one connection
 * the bare agent is called directly too, to see what the gateway adds.
 */
export const connectionCounts = [128, 32, 1] as const;

export interface MeasuredWindow {
  readonly connections: number;
  readonly round: number;
  readonly subject: Subject;
}

export const isSdk = (subject: Subject): subject is 'SDK echo' | 'SDK task echo' => subject.startsWith('SDK');
export const isGateway = (subject: Subject): boolean => subject.startsWith('gateway');

/** Subjects at one connection, and at many. */
function taking(connections: number, plan: Plan): Subject[] {
  if (connections === 1) return ['gateway, 1 tenant', 'bare agent', 'SDK echo'];
  return subjects.filter((subject) => subject !== 'bare agent' && (plan.withTaskEcho || subject !== 'SDK task echo'));
}

/** Every measurement in order. Subjects alternate within a round, and each round starts with another one. */
export function windowsOf(plan: Plan): MeasuredWindow[] {
  return connectionCounts.flatMap((connections) => {
    const order = taking(connections, plan);
    return Array.from({ length: plan.rounds }, (_, round) => {
      const first = round % order.length;
      return [...order.slice(first), ...order.slice(0, first)].map((subject) => ({ connections, round, subject }));
    }).flat();
  });
}
