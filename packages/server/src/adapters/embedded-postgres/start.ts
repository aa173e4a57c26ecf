import { resolve } from 'node:path';
import { findBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { connectionUrls, runtimeLogin } from './connection.ts';
import { openDataDirectory } from './data-directory.ts';
import type { DataDirectory } from './data-directory.ts';
import { withDirectoryLock } from './directory-lock.ts';
import { classifyFailure, named } from './errors.ts';
import { pruneLogs } from './log-retention.ts';
import { loadPasswords } from './passwords.ts';
import { lastWords } from './postmaster.ts';
import { ensureServer } from './server.ts';
import type { PortRequest, RunningServer, ServerContext } from './server.ts';
import { isSocketUsable, readLastPort } from './settings.ts';
import { stopPostmaster } from './shutdown.ts';
import { Supervisor } from './supervisor.ts';
import type { EmbeddedPostgresEvent } from './supervisor.ts';
import { findUnprivilegedUser } from './unprivileged-user.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';
import { addUser, countLiveUsers, removeUser } from './users.ts';

export interface EmbeddedPostgresOptions {
  /** Holds the database, its passwords and its logs. Made when missing. */
  readonly dataDir: string;
  /** Preferred TCP port on 127.0.0.1; another free one is taken when it is busy or when a running server is taken over. */
  readonly port?: number;
  /** Called when the server dies while this process uses it, and after its restart. */
  readonly onEvent?: (event: EmbeddedPostgresEvent) => void;
  /** Gets messages for the operator; they hold no secret. */
  readonly log?: (message: string) => void;
  /** Bound of one start, the replay of the log after a crash included. */
  readonly startTimeoutMs?: number;
}

/** A PostgreSQL server that this process uses, alone or with other processes of the platform. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** The administrator's connection, for migrations. Holds a password. */
  readonly adminUrl: string;
  /** The platform's connection at run time, with `runtimeLogin`. Holds a password. */
  readonly runtimeUrl: string;
  /** The login of `runtimeUrl`; the migration creates it (`ensureRuntimeLogin`). */
  readonly runtimeLogin: { readonly login: string; readonly password: string };
  readonly port: number;
  /** Undefined where the path of the data directory is too long for a Unix socket. */
  readonly socketDir: string | undefined;
  /** True when the server was running already: another process uses it, or one that was killed left it behind. */
  readonly adopted: boolean;
  /** The last user alive stops the server; the others leave it running. Safe to call again. */
  stop(): Promise<void>;
}

const preferredPortDefault = 15_432;
const startTimeoutMsDefault = 60_000;
/** Longer than the bound of a start, because the start of another process may first have to stop an old server. */
const lockGraceMs = 30_000;

/**
 * Starts PostgreSQL on `dataDir`, or joins the server that already runs there. The server outlives this process when it is
 * killed or while another process uses it. Throws `EmbeddedPostgresError`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return named(`Starting the database in ${options.dataDir}`, async () => {
    const user = await findUnprivilegedUser(resolve(options.dataDir, 'cluster'));
    const directory = await openDataDirectory(options.dataDir, user);
    const startTimeoutMs = options.startTimeoutMs ?? startTimeoutMsDefault;
    return withDirectoryLock(directory.lock, startTimeoutMs + lockGraceMs, async () => {
      const context = await prepare(directory, user, options);
      const server = await ensureServer(context, await portRequest(context, options.port));
      const userName = await addUser(directory.users);
      return join(context, server, { userName, onEvent: options.onEvent ?? (() => undefined) });
    });
  });
}

/** Processes that use the server know its port, so a restart must use the same one. */
async function portRequest({ directory }: ServerContext, preferred: number | undefined): Promise<PortRequest> {
  const lastPort = await readLastPort(directory.cluster);
  const isFixed = lastPort !== undefined && (await countLiveUsers(directory.users)) > 0;
  return { port: isFixed ? lastPort : (preferred ?? lastPort ?? preferredPortDefault), isFixed };
}

async function prepare(
  directory: DataDirectory,
  user: UnprivilegedUser | undefined,
  options: EmbeddedPostgresOptions,
): Promise<ServerContext> {
  const binaries = await findBinaries(directory, user);
  const passwords = await loadPasswords(directory);
  await ensureCluster(directory, binaries, user);
  await pruneLogs(directory.log);
  return {
    directory,
    binaries,
    user,
    passwords,
    startTimeoutMs: options.startTimeoutMs ?? startTimeoutMsDefault,
    log: options.log ?? (() => undefined),
  };
}

interface Membership {
  readonly userName: string;
  readonly onEvent: (event: EmbeddedPostgresEvent) => void;
}

function join(context: ServerContext, server: RunningServer, { userName, onEvent }: Membership): EmbeddedPostgres {
  const { directory, passwords } = context;
  const { port } = server.postmaster;
  const lockWaitMs = context.startTimeoutMs + lockGraceMs;
  const supervisor = new Supervisor(server, {
    logDirectory: directory.log,
    restart: () => withDirectoryLock(directory.lock, lockWaitMs, () => ensureServer(context, { port, isFixed: true })),
    onEvent,
    reasonOfCrash: async () =>
      classifyFailure(`Running PostgreSQL on ${directory.root}`, await lastWords(directory).catch(String)),
  });
  const leave = async (): Promise<void> => {
    await supervisor.close();
    await withDirectoryLock(directory.lock, lockWaitMs, async () => {
      await removeUser(directory.users, userName);
      if ((await countLiveUsers(directory.users)) === 0) await stopPostmaster(directory.cluster);
    });
  };
  let leaving: Promise<void> | undefined;
  const stop = (): Promise<void> => (leaving ??= leave());
  return {
    ...connectionUrls(directory, port, passwords),
    runtimeLogin: { login: runtimeLogin, password: passwords.runtime },
    port,
    socketDir: isSocketUsable(directory.socket) ? directory.socket : undefined,
    adopted: server.adopted,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
