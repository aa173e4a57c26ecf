import { PlatformError } from '../../kernel/errors.ts';
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

function isAway(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError || error instanceof AmbiguousCommitError) return true;
  return isStatementError(error) && transient.test(error.code ?? '');
}
