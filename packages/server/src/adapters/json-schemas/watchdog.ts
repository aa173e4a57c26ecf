import { Script } from 'node:vm';

/** The work took too long and was stopped. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

const slot = Symbol.for('colloquy.watched-work');
const script = new Script(`globalThis[Symbol.for('colloquy.watched-work')]()`, { filename: 'watchdog' });

/** Runs what may take for ever, and stops it after so long; throws `OutOfTime` then. Nothing is awaited in it. */
export function runWatched<Result>(work: () => Result, timeoutMs: number): Result {
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
