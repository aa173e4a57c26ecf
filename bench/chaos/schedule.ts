import { createSeededRandom } from './seeded-random.ts';

/** One SIGKILL of a platform process, and how long until it is started again. */
export interface PlannedKill {
  /** After the killed process of the kill before is ready again. */
  readonly afterMs: number;
  /** Index of the process. */
  readonly victim: number;
  readonly downMs: number;
}

export interface Bounds {
  readonly kills: number;
  readonly processes: number;
  /** How long a platform runs between two kills. */
  readonly afterMsMin: number;
  readonly afterMsMax: number;
}

const downMsMax = 400;

/** The kills of a run; the same for the same seed and bounds. */
export function scheduleOf(seed: number, bounds: Bounds): PlannedKill[] {
  const random = createSeededRandom(`kills ${seed}`);
  return Array.from({ length: bounds.kills }, () => ({
    afterMs: random.between(bounds.afterMsMin, bounds.afterMsMax),
    victim: random.between(0, bounds.processes - 1),
    downMs: random.between(0, downMsMax),
  }));
}
