import { pause } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import { AmbiguousCommitError, DatabaseUnavailableError, isStatementError } from './database-errors.ts';

/** Deadlock, serialization failure, lock and statement timeout, and every class of a server that is full or going down. */
const transient = /^(40P01|40001|55P03|(25|53|57|58)...)$/;

/** The result; a database that is away or at its limit becomes `platform.unavailable`, with the private reason as its cause. */
export async function whenAvailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw isAway(error) ? new PlatformError('platform.unavailable', { cause: error }) : error;
  }
}

const retryDelayMsMin = 25;
const retryDelayMsMax = 1_000;

/** The result of a read that must succeed before anything else can be done: repeated for as long as the database is away. */
export async function untilAvailable<Result>(clock: Clock, read: () => Promise<Result>): Promise<Result> {
  for (let delayMs = retryDelayMsMin; ; delayMs = Math.min(delayMs * 2, retryDelayMsMax)) {
    try {
      return await read();
    } catch (error) {
      if (asPlatformError(error).code !== 'platform.unavailable') throw error;
      await pause(clock, delayMs);
    }
  }
}

/** Whether the error comes from the database's health and not from the statement. */
export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError || error instanceof AmbiguousCommitError) return true;
  return isStatementError(error) && transient.test(error.code ?? '');
}
