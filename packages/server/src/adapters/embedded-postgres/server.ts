import type { ChildProcess } from 'node:child_process';
import { chown, realpath, rename, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { greetServer } from './connection.ts';
import { removeOtherCopies } from './copy-binaries.ts';
import type { DataDirectory } from './data-directory.ts';
import { EmbeddedPostgresError, classifyFailure } from './errors.ts';
import type { Passwords } from './passwords.ts';
import { choosePort } from './ports.ts';
import { awaitReady, findPostmaster, lastWords, spawnPostmaster } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';
import { accessRules, serverConfiguration } from './settings.ts';
import { clearRemains, stopPostmaster } from './shutdown.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';
import { countLiveUsers } from './users.ts';

/** Everything that stays the same while this process uses the server. */
export interface ServerContext {
  readonly directory: DataDirectory;
  readonly binaries: Binaries;
  readonly user: UnprivilegedUser | undefined;
  readonly passwords: Passwords;
  readonly startTimeoutMs: number;
  readonly log: (message: string) => void;
}

export interface PortRequest {
  readonly port: number;
  /** True when clients already know the port, so that no other will do. */
  readonly isFixed: boolean;
}

export interface RunningServer {
  readonly postmaster: Postmaster;
  /** True when the server was running already. */
  readonly adopted: boolean;
  /** The server's process when it is our child. */
  readonly child?: ChildProcess;
}

/** Takes over the server that runs on the cluster, or starts one. Only under the directory's lock. */
export async function ensureServer(context: ServerContext, request: PortRequest): Promise<RunningServer> {
  do {
    const adopted = await adopt(context);
    if (adopted !== undefined) return { postmaster: adopted, adopted: true };
  } while (!(await clearRemains(context.directory)));
  await removeOtherCopies(context.directory.binaries, context.binaries.postgres);
  const started = await launch(context, request);
  await greet(context, started.postmaster);
  return started;
}

async function adopt(context: ServerContext): Promise<Postmaster | undefined> {
  const { cluster } = context.directory;
  const found = await findPostmaster(cluster);
  if (found === undefined) return undefined;
  const postmaster = await awaitReady(cluster, found.identity.pid, performance.now() + context.startTimeoutMs);
  const isKept = postmaster !== undefined && (await isWorthKeeping(context, postmaster));
  if (isKept) return postmaster;
  await stopPostmaster(cluster);
  return undefined;
}

/** Keeps a server that another process uses. A server without users must answer and have our version, or it is restarted. */
async function isWorthKeeping(context: ServerContext, postmaster: Postmaster): Promise<boolean> {
  const isInUse = (await countLiveUsers(context.directory.users)) > 0;
  try {
    const { version } = await greet(context, postmaster);
    if (isInUse || version === context.binaries.version) return true;
    context.log(`replacing the running PostgreSQL ${version} by ${context.binaries.version}`);
  } catch (error) {
    if (isInUse) throw error;
    context.log(`restarting a PostgreSQL that does not answer: ${String(error)}`);
  }
  return false;
}

async function greet(context: ServerContext, { port }: Postmaster): Promise<{ readonly version: string }> {
  const { directory, passwords } = context;
  const identity = await greetServer(directory, port, passwords).catch((error: unknown) => {
    throw classifyFailure(`Logging in to PostgreSQL on ${directory.root}`, error);
  });
  if (identity.dataDirectory === (await realpath(directory.cluster))) return identity;
  throw new EmbeddedPostgresError(
    'port-unavailable',
    `Another PostgreSQL, with its data in ${identity.dataDirectory}, answers on port ${port}.`,
    'Stop it, or choose another port.',
  );
}

const launchAttemptsMax = 5;

async function launch(context: ServerContext, request: PortRequest): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = request.isFixed ? request.port : await choosePort(attempt === 1 ? request.port : 0);
    try {
      return await launchOn(context, port);
    } catch (error) {
      const isPortLost = error instanceof EmbeddedPostgresError && error.code === 'port-unavailable';
      if (request.isFixed || !isPortLost || attempt === launchAttemptsMax) throw error;
      context.log(`port ${port} was taken meanwhile; trying another`);
    }
  }
}

/** A container may have less than its machine. */
const memoryBytes = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

async function launchOn(context: ServerContext, port: number): Promise<RunningServer> {
  const { directory, binaries, user } = context;
  const { socket: socketDirectory, log: logDirectory, cluster } = directory;
  await writeOwned(
    join(cluster, 'postgresql.conf'),
    serverConfiguration({ port, socketDirectory, logDirectory, memoryBytes: memoryBytes() }),
    user,
  );
  await writeOwned(join(cluster, 'pg_hba.conf'), accessRules, user);
  const child = await spawnPostmaster(binaries.postgres, directory, user);
  const deadline = performance.now() + context.startTimeoutMs;
  const postmaster = child.pid === undefined ? undefined : await awaitReady(cluster, child.pid, deadline);
  if (postmaster !== undefined) return { postmaster, adopted: false, child };
  throw classifyFailure(
    `Starting PostgreSQL on ${directory.root}`,
    (await lastWords(directory)) || 'it ended without a word',
  );
}

async function writeOwned(path: string, content: string, user: UnprivilegedUser | undefined): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, content, { mode: 0o600 });
  if (user !== undefined) await chown(draft, user.uid, user.gid);
  await rename(draft, path);
}
