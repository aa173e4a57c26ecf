import type { Invariant } from './checks/evidence.ts';
import { invariants } from './checks/invariants.ts';
import { slotsOf } from './agents/behaviour.ts';
import { streamsAlive } from './checks/live-streams.ts';
import { resumedInTime } from './checks/resumes.ts';
import { slotsFree, slotsHeld, tasksAtLeast } from './checks/slots.ts';
import type { Bounds } from './schedule.ts';
import { staleWrites, takenWithin } from './checks/takeovers.ts';
import { liveStreams, mixed, slotQueue } from './workloads.ts';
import type { Workload } from './workloads.ts';

/** What a run does, and what must hold after it. */
export interface Suite {
  /** As the last line names it. */
  readonly name: 'chaos' | 'chaos-streams' | 'chaos-slots' | 'chaos-faults';
  readonly kills: number;
  /** Runs of it, one after the other; left out: one. */
  readonly rounds?: number;
  readonly processes: number;
  readonly pace: Omit<Bounds, 'kills' | 'processes'>;
  readonly workload: Workload;
  readonly invariants: readonly Invariant[];
}

const resumeMsMax = 2_000;

const mixedSuite = {
  name: 'chaos',
  processes: 1,
  pace: { afterMsMin: 200, afterMsMax: 3000 },
  workload: mixed,
  invariants,
} as const;

const streamInvariants = (streams: number): readonly Invariant[] => [
  ...invariants,
  resumedInTime(resumeMsMax),
  streamsAlive(streams),
];

const withoutStreams = invariants.filter(({ name }) => name !== 'streams');

const slotsSuite = (tasksInCalm: number, tasksMin: number, kills: number): Suite => ({
  name: 'chaos-slots',
  kills,
  processes: 3,
  pace: { afterMsMin: 500, afterMsMax: 2500 },
  workload: slotQueue(200, { tasksInCalm, tasksMin }),
  invariants: [...withoutStreams, slotsHeld('slotted', slotsOf('slotted') ?? 0), slotsFree, tasksAtLeast(tasksMin)],
});

const longSuite = (rounds: number, kills: number, tasksMin: number): Suite => ({
  ...mixedSuite,
  rounds,
  kills,
  workload: { ...mixed, tasksMin },
  invariants: [...invariants, tasksAtLeast(tasksMin)],
});

/** A lease of the run, and two seconds. */
const takenMsMax = 4_000;

const faultsSuite = (faults: number, freezeMs: number): Suite => ({
  name: 'chaos-faults',
  kills: faults,
  processes: 2,
  pace: { afterMsMin: 1000, afterMsMax: 4000, kinds: ['loss', 'freeze', 'cut', 'crash'], freezeMs },
  workload: { ...mixed, operationMsMax: 150_000, healMsMax: 165_000 },
  invariants: [...invariants, staleWrites, takenWithin(takenMsMax)],
});

/**
 * In the full run of streams a task lives for 40 s at most and a platform runs for 5 s at least, so that no task outlives more
 * workers than one may (`limits.taskTakeoversMax`).
 */
export const suites: Readonly<
  Record<'mixed' | 'streams' | 'slots' | 'faults' | 'long', Readonly<Record<'quick' | 'full', Suite>>>
> = {
  mixed: { quick: { ...mixedSuite, kills: 5 }, full: { ...mixedSuite, kills: 30 } },
  streams: {
    quick: {
      name: 'chaos-streams',
      kills: 3,
      processes: 2,
      pace: { afterMsMin: 500, afterMsMax: 3000 },
      workload: liveStreams(200, 'drip'),
      invariants: streamInvariants(200),
    },
    full: {
      name: 'chaos-streams',
      kills: 10,
      processes: 2,
      pace: { afterMsMin: 5000, afterMsMax: 12_000 },
      workload: liveStreams(2000, 'trickle'),
      invariants: streamInvariants(2000),
    },
  },
  /** In full a thousand kills and a hundred thousand tasks. */
  long: { quick: longSuite(2, 5, 400), full: longSuite(25, 40, 4_000) },
  faults: { quick: faultsSuite(4, 6_000), full: faultsSuite(40, 30_000) },
  slots: { quick: slotsSuite(1_000, 2_000, 3), full: slotsSuite(20_000, 22_000, 12) },
};
