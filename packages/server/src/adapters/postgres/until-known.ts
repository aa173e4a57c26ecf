import { AmbiguousCommitError, hasSqlState } from './database-errors.ts';
import { whenAvailable } from './when-available.ts';

/** Deadlock and serialization failure: the transaction did nothing and may be sent again. */
const conflicts = ['40P01', '40001'];
const attemptsMax = 3;

/**
 * As `whenAvailable`, for work that may be repeated with the same effect: it is repeated after a conflict, and when the connection
 * broke before the server answered whether the first attempt is committed.
 */
export async function untilKnown<Result>(work: () => Promise<Result>): Promise<Result> {
  return whenAvailable(repeat(work));
}

async function repeat<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await work();
    } catch (error) {
      const mayRepeat = error instanceof AmbiguousCommitError || conflicts.some((state) => hasSqlState(error, state));
      if (!mayRepeat || attempts >= attemptsMax) throw error;
    }
  }
}
