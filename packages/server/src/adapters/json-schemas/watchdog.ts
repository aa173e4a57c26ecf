import { Script } from 'node:vm';

/** The work took too long and was stopped. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

const slot = Symbol.for('colloquy.watched-work');
const script = new Script(`globalThis[Symbol.for('colloquy.watched-work')]()`, { filename: 'watchdog' });

const triesMax = 3;
/** Work that was stopped with less than this share of its time was kept waiting by the machine. */
const spentShare = 0.75;
/** A try may last as many times as long as the one before. */
const slowdownMax = 4;

/**
 * Runs what may take for ever, and stops it after so much CPU time of this thread; throws `OutOfTime` then. Only the clock of the wall can stop
 * it, so work that a busy machine kept waiting is begun anew, with as much time as its budget takes at that pace. `begin` makes the work for
 * each try, and is not watched. Nothing is awaited in it.
 */
export function runWatched<Result>(begin: () => () => Result, cpuMs: number): Result {
  let wallMs = cpuMs;
  for (let tries = 1; ; tries += 1) {
    const work = begin();
    const before = process.threadCpuUsage();
    try {
      return runFor(work, wallMs);
    } catch (error) {
      const { user, system } = process.threadCpuUsage(before);
      const spentMs = (user + system) / 1_000;
      if (!(error instanceof OutOfTime) || tries === triesMax || spentMs >= cpuMs * spentShare) throw error;
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
