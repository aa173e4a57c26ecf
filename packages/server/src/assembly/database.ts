import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../adapters/embedded-postgres/index.ts';
import type { EmbeddedPostgresEvent } from '../adapters/embedded-postgres/index.ts';
import { ensureRuntimeLogin, migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import type { DatabasePool } from '../adapters/postgres/pool.ts';
import { writerSettings } from '../adapters/postgres/writer-settings.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Log } from '../surfaces/http/index.ts';

/**
 * Connections that one process holds at most, by the name that they show in `pg_stat_activity` behind `colloquy `. The operators' page on scaling and
 * `colloquy doctor` state these numbers.
 */
export const connectionsOf = {
  // One for each kind of batch of the task store.
  writers: 6,
  readers: 7,
  workers: 2,
  heartbeats: 1,
  sealer: 1,
  // The notification listener's; it has no pool.
  notifications: 1,
} as const;

export const connectionsPerProcess = Object.values(connectionsOf).reduce((sum: number, count) => sum + count, 0);

/** The migrated database and the pools of this process. */
export interface Database {
  readonly writers: DatabasePool;
  readonly readers: DatabasePool;
  /** The worker role: the reaper, housekeeping, claims of deliveries. */
  readonly workers: DatabasePool;
  /** The worker role: only renewals of this node's lease, so that nothing delays them. */
  readonly heartbeats: DatabasePool;
  /** The sealer's role: audit chains. */
  readonly sealers: DatabasePool;
  readonly runtimeUrl: string;
  /** The port of the embedded server on this machine; null for an external one. */
  readonly embeddedPort: number | null;
  stop(): Promise<void>;
}

interface Reachable {
  readonly adminUrl: string;
  readonly runtimeUrl: string;
  readonly embeddedPort: number | null;
  readonly login: { readonly login: string; readonly password: string } | null;
  readonly stop: () => Promise<void>;
}

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));
const runtimeRoles = ['colloquy_app', 'colloquy_worker', 'colloquy_sealer'];

/** Starts or joins the database, brings its schema up to date and opens the pools. */
export async function openDatabase(
  config: Config,
  secrets: Secrets,
  log: Log,
  onLost: (cause: Error) => void,
): Promise<Database> {
  const reachable = secrets.databaseUrl === null ? await embedded(config, log, onLost) : external(secrets);
  try {
    log.info({}, 'migrating the database');
    const { applied } = await migrate({ adminUrl: reachable.adminUrl, directory: migrations });
    if (applied.length > 0) log.info({ migrations: applied }, 'schema brought up to date');
    if (reachable.login !== null) {
      await ensureRuntimeLogin({ adminUrl: reachable.adminUrl, ...reachable.login, memberOf: runtimeRoles });
    }
    log.info({}, 'database ready');
    return openPools(reachable);
  } catch (error) {
    await reachable.stop();
    throw error;
  }
}

async function embedded(config: Config, log: Log, onLost: (cause: Error) => void): Promise<Reachable> {
  log.info({}, 'starting PostgreSQL');
  const server = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: (message) => log.info({ part: 'database' }, message),
    onEvent: (event) => reportEvent(event, log, onLost),
  });
  return {
    adminUrl: server.adminUrl,
    runtimeUrl: server.runtimeUrl,
    embeddedPort: server.port,
    login: server.runtimeLogin,
    stop: () => server.stop(),
  };
}

function reportEvent(event: EmbeddedPostgresEvent, log: Log, onLost: (cause: Error) => void): void {
  log.warn({ part: 'database', event: event.kind }, 'the embedded database changed its state');
  if (event.kind === 'gave-up') onLost(event.cause);
}

/** A separate login for run time is created or updated to match its URL. A single login assumes the roles itself. */
function external(secrets: Secrets): Reachable {
  const { databaseUrl, databaseAdminUrl } = secrets;
  if (databaseUrl === null || databaseAdminUrl === null) throw new PlatformError('platform.unavailable');
  const isSeparate = databaseUrl !== databaseAdminUrl;
  const { username, password } = new URL(databaseUrl.replace('@/', '@localhost/'));
  return {
    adminUrl: databaseAdminUrl,
    runtimeUrl: databaseUrl,
    embeddedPort: null,
    login: isSeparate ? { login: decodeURIComponent(username), password: decodeURIComponent(password) } : null,
    stop: () => Promise.resolve(),
  };
}

function openPools({ runtimeUrl, embeddedPort, stop }: Reachable): Database {
  const url = runtimeUrl;
  const writers = createPool({
    url,
    role: 'colloquy_app',
    settings: writerSettings,
    connectionsMax: connectionsOf.writers,
    applicationName: 'colloquy writers',
  });
  const readers = createPool({
    url,
    role: 'colloquy_app',
    connectionsMax: connectionsOf.readers,
    applicationName: 'colloquy readers',
  });
  const base = { url, role: 'colloquy_worker', statementTimeoutMs: 2_000, connectTimeoutMs: 2_000 };
  const workers = createPool({
    ...base,
    connectionsMax: connectionsOf.workers,
    applicationName: 'colloquy workers',
  });
  const heartbeats = createPool({
    ...base,
    connectionsMax: connectionsOf.heartbeats,
    applicationName: 'colloquy heartbeats',
  });
  const sealers = createPool({
    url,
    role: 'colloquy_sealer',
    connectionsMax: connectionsOf.sealer,
    applicationName: 'colloquy sealer',
  });
  return {
    writers,
    readers,
    workers,
    heartbeats,
    sealers,
    runtimeUrl,
    embeddedPort,
    async stop() {
      await Promise.allSettled([writers.end(), readers.end(), workers.end(), heartbeats.end(), sealers.end()]);
      await stop();
    },
  };
}
