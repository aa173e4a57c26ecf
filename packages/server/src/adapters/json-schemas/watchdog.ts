import { Script } from 'node:vm';

/** The work took too long and was stopped. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

const slot = Symbol.for('colloquy.watched-work');
const script = new Script(`globalThis[Symbol.for('colloquy.watched-work')]()`, { filename: 'watchdog' });

const attemptsMax = 3;
/** Work that was stopped with less than this share of its CPU time was delayed by a busy machine. */
const spentShare = 0.75;
/** An attempt may last at most this many times as long as the one before. */
const slowdownMax = 4;

/**
 * Runs synchronous work that may not terminate, and stops it after `cpuMs` of this thread's CPU time; then throws `OutOfTime`. Only wall time
 * can stop it, so work that a busy machine delayed is started again with a longer time. `begin` makes the work of each attempt and is
 * not limited itself.
 */
export function runWatched<Result>(begin: () => () => Result, cpuMs: number): Result {
  let wallMs = cpuMs;
  for (let attempts = 1; ; attempts += 1) {
    const work = begin();
    const before = process.threadCpuUsage();
    try {
      return runFor(work, wallMs);
    } catch (error) {
      const { user, system } = process.threadCpuUsage(before);
      const spentMs = (user + system) / 1_000;
      if (!(error instanceof OutOfTime) || attempts === attemptsMax || spentMs >= cpuMs * spentShare) throw error;
      wallMs = Math.ceil(wallMs * Math.min(slowdownMax, cpuMs / spentMs));
    }
  }
}

function runFor<Result>(work: () => Result, timeoutMs: number): Result {
  Reflect.set(globalThis, slot, work);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script answers what `work` does
    return script.runInThisContext({ timeout: timeoutMs }) as Result;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new OutOfTime();
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, slot);
  }
}
