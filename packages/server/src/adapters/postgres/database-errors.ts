import { DatabaseError } from 'pg';

/**
 * The connection broke after the statements were sent and before the server said how the transaction ended.
 * It may or may not be committed: read by id before anything is sent again.
 */
export class AmbiguousCommitError extends Error {
  override readonly name = 'AmbiguousCommitError';

  constructor(cause: unknown) {
    super('The connection to the database broke before it said whether the transaction is committed.', { cause });
  }
}

/** The database could not be reached, or broke off before anything was committed. The same request may be sent again. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';

  constructor(cause: unknown) {
    super('The database is not available at the moment; nothing was committed.', { cause });
  }
}

/** True for an error of one statement: the server rolled the transaction back and the connection stays usable. */
export function isStatementError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity === 'ERROR';
}

/** True when `error` is the server's error with this SQLSTATE, for example `23505` for a unique violation. */
export function hasSqlState(error: unknown, sqlState: string): boolean {
  return error instanceof DatabaseError && error.code === sqlState;
}
