import { Pool } from 'pg';
import type { PoolConfig } from 'pg';
import { columnTypes } from './column-types.ts';

export type DatabasePool = Pool;

export interface PoolOptions {
  /** `postgresql://login:password@host:port/database`, or with `?host=/directory` for a Unix socket. */
  readonly url: string;
  /** Role that every session takes on; the login must be a member of it. */
  readonly role?: string;
  /** Connections open at most; more work waits for a free one. */
  readonly connectionsMax: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Settings of every session, as `name: value`; both plain words. */
  readonly settings?: Readonly<Record<string, string>>;
  /** One statement may take this long. */
  readonly statementTimeoutMs?: number;
  /** One statement may wait this long for a lock. */
  readonly lockTimeoutMs?: number;
  /** A transaction that waits for its client is ended after this time, so that its locks are freed. */
  readonly idleInTransactionTimeoutMs?: number;
  /** A connection whose answer takes this much longer than one statement may is dead, and is closed. */
  readonly silenceGraceMs?: number;
  /** Waiting for a free or new connection ends after this time. */
  readonly connectTimeoutMs?: number;
  /** Called when an idle connection breaks. The pool replaces the connection itself. */
  readonly onIdleError?: (error: Error) => void;
}

const idleConnectionMs = 60_000;

/**
 * Compiling takes longer than any statement of ours runs. Packages such as Debian's switch it on, and then a plan with a disabled join, which has an
 * enormous estimated cost, is compiled at every execution: a round of counting took 800 ms instead of 10.
 */
const sessionSettings = { jit: 'off' } as const;

/**
 * A pool whose broken connections never reach the process as unhandled errors.
 *
 * `pipeline` sends a query of one client at once instead of after the answer to the one before; answers come in order.
 * pg ends every query with its own Sync, so the queries fail independently: when BEGIN or a value's encoding fails,
 * the statements behind it run, and commit, outside of the transaction. Transactions therefore go through
 * `transaction.ts`, which sends one protocol group. Cursors and the `rows` option are refused in this mode, and a query that
 * exceeds the client-side timeout destroys its connection, which is what frees a client from a silent server.
 */
export function createPool(options: PoolOptions): DatabasePool {
  const pool = new Pool(poolConfig(options));
  pool.on('error', (error) => options.onIdleError?.(error));
  // The pool listens to idle clients only; a client in use that breaks would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function poolConfig(options: PoolOptions): PoolConfig {
  const { url, sessionOptions } = splitSessionOptions(options.url);
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  return {
    connectionString: url,
    options: [sessionOptions, roleOption(options.role), ...settingOptions({ ...sessionSettings, ...options.settings })]
      .filter((part) => part !== '')
      .join(' '),
    application_name: options.applicationName,
    max: options.connectionsMax,
    statement_timeout: statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs ?? 2_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 5_000,
    query_timeout: statementTimeoutMs + (options.silenceGraceMs ?? 5_000),
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: idleConnectionMs,
    keepAlive: true,
    pipeline: true,
    types: columnTypes,
  };
}

function roleOption(role: string | undefined): string {
  if (role === undefined) return '';
  if (!/^[a-z_][a-z0-9_]*$/.test(role))
    throw new TypeError('A database role is named in lower-case letters, digits and _.');
  return `-c role=${role}`;
}

function settingOptions(settings: NonNullable<PoolOptions['settings']>): readonly string[] {
  return Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
}

/** Settings of the URL win over the pool's, so an `options` there would silently replace the role. */
function splitSessionOptions(url: string): { url: string; sessionOptions: string } {
  const parsed = URL.parse(url.replace('@/', '@localhost/'));
  if (parsed === null)
    throw new TypeError('The database URL must look like postgresql://login:password@host:5432/database.');
  const sessionOptions = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.delete('options');
  return { url: parsed.href, sessionOptions };
}
