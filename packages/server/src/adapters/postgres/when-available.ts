import { PlatformError } from '../../kernel/errors.ts';
import { AmbiguousCommitError, DatabaseUnavailableError } from './database-errors.ts';

/** The result; a database that is away becomes `platform.unavailable`, with the private reason as its cause. */
export async function whenAvailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const isAway = error instanceof DatabaseUnavailableError || error instanceof AmbiguousCommitError;
    throw isAway ? new PlatformError('platform.unavailable', { cause: error }) : error;
  }
}
