import { DatabaseError } from 'pg';
import type { PoolClient } from 'pg';
import { AmbiguousCommitError, DatabaseUnavailableError, hasSqlState, isStatementError } from './database-errors.ts';
import type { DatabasePool } from './pool.ts';
import { setReadOnlyTenant, setTenants } from './set-tenants.ts';
import type { Statement, StatementResult, StatementResults } from './statement.ts';
import { TransactionQuery } from './transaction-query.ts';

export interface TransactionOptions {
  /** Uuids, dashes optional. Row-level security shows and accepts rows of these tenants only; none means no row at all. */
  readonly tenantIds: readonly string[];
}

/**
 * Runs the statements in order, in one transaction and one round trip, and resolves with their results in that order
 * once they are committed.
 *
 * Rejects with pg's `DatabaseError` when a statement failed (nothing is committed), `DatabaseUnavailableError` when the database
 * could not be reached or broke off (nothing is committed), `AmbiguousCommitError` when the outcome is unknown, and
 * `TypeError` when a tenant id or a value cannot be sent (nothing was).
 */
export async function inTransaction<const Statements extends readonly Statement[]>(
  pool: DatabasePool,
  options: TransactionOptions,
  statements: Statements,
): Promise<StatementResults<Statements>> {
  const [, ...results] = await commit(pool, new TransactionQuery([setTenants(options.tenantIds), ...statements]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a row has the shape that its statement's text selects
  return results as StatementResults<Statements>;
}

/** Runs one statement that reads, as one tenant, in a read-only transaction and one round trip. Errors as `inTransaction`. */
export async function readInTenant<Row>(
  pool: DatabasePool,
  tenantId: string,
  statement: Statement<Row>,
): Promise<StatementResult<Row>> {
  const [result] = await readInTenants(pool, [{ tenantId, statement }]);
  if (result === undefined) throw new Error('A statement has no result.');
  return result;
}

/** One statement that reads as one tenant. */
export interface TenantRead<Row> {
  readonly tenantId: string;
  readonly statement: Statement<Row>;
}

/**
 * Runs reading statements, each as one tenant, in one read-only transaction and one round trip, and resolves
 * with their results in that order. Errors as `inTransaction`.
 */
export async function readInTenants<Row>(
  pool: DatabasePool,
  reads: readonly TenantRead<Row>[],
): Promise<readonly StatementResult<Row>[]> {
  // The planner settings of one statement apply to the statements behind it.
  const arePlannedOnce = reads.every(({ statement }) => statement.isPlannedOnce);
  const query = new TransactionQuery(
    reads.flatMap(({ tenantId, statement }) => [setReadOnlyTenant(tenantId, arePlannedOnce), statement]),
  );
  try {
    const results = await commit(pool, query);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a row has the shape that its statement's text selects
    return results.filter((_result, at) => at % 2 === 1) as readonly StatementResult<Row>[];
  } catch (error) {
    // A read has no commit to be unsure of.
    throw error instanceof AmbiguousCommitError ? new DatabaseUnavailableError(error.cause) : error;
  }
}

async function commit(pool: DatabasePool, query: TransactionQuery): Promise<readonly StatementResult<unknown>[]> {
  const client = await acquire(pool);
  try {
    const results = await query.run(client);
    client.release();
    return results;
  } catch (error) {
    client.release(!isReusable(error));
    throw verdict(error, query);
  }
}

async function acquire(pool: DatabasePool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new DatabaseUnavailableError(error);
  }
}

/** Plans that a migration made invalid stay so for the life of the connection. */
function isReusable(error: unknown): boolean {
  const isPlanStale = hasSqlState(error, '0A000') || hasSqlState(error, '26000') || hasSqlState(error, '42P05');
  return isStatementError(error) && !isPlanStale;
}

function verdict(error: unknown, query: TransactionQuery): unknown {
  if (!query.isSent || isStatementError(error)) return error;
  // The server answers in order: a farewell before the last statement's completion means that the commit was never reached.
  if (error instanceof DatabaseError && !query.isEveryStatementComplete) return new DatabaseUnavailableError(error);
  return new AmbiguousCommitError(error);
}
