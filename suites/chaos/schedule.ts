import { createSeededRandom } from '../seeded-random.ts';

/**
 * What happens to a run. `kill`: a process gets SIGKILL and is soon started again. `loss`: the same, and it stays away until others have its
 * tasks. `freeze`: SIGSTOP, and much later SIGCONT. `cut`: every connection to the database ends. `crash`: the database server gets SIGKILL.
 */
export type FaultKind = 'kill' | 'loss' | 'freeze' | 'cut' | 'crash';

/** One fault, and when it comes. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** After all is up again that the fault before took down. */
  readonly afterMs: number;
  /** Index of the process that a `kill`, a `loss` or a `freeze` hits. */
  readonly victim: number;
  /** Until the process is started again, or goes on. */
  readonly downMs: number;
}

export interface Bounds {
  readonly kills: number;
  readonly processes: number;
  /** How long a platform runs between two kills. */
  readonly afterMsMin: number;
  readonly afterMsMax: number;
  /** Kinds to draw from, of which each comes once before any comes again; left out: kills only. */
  readonly kinds?: readonly FaultKind[];
  /** How long a process is stopped. */
  readonly freezeMs?: number;
}

const downMsMax = 400;

/** The faults of a run; the same for the same seed and bounds. */
export function scheduleOf(seed: number, bounds: Bounds): PlannedFault[] {
  const random = createSeededRandom(`kills ${seed}`);
  const { kinds = ['kill'], freezeMs = 0 } = bounds;
  let left: FaultKind[] = [];
  return Array.from({ length: bounds.kills }, () => {
    const afterMs = random.between(bounds.afterMsMin, bounds.afterMsMax);
    const victim = random.between(0, bounds.processes - 1);
    const downMs = random.between(0, downMsMax);
    if (left.length === 0) left = [...kinds];
    const kind = left.length === 1 ? left[0] : random.pick(left);
    left = left.filter((one) => one !== kind);
    return { kind: kind ?? 'kill', afterMs, victim, downMs: kind === 'freeze' ? freezeMs : downMs };
  });
}
