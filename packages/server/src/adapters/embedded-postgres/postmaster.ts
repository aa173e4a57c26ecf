import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataDirectory } from './data-directory.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { identifyProcess } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { serverEnvironment } from './settings.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

/** The first process of a PostgreSQL server, as its pid file describes it. */
export interface Postmaster {
  readonly identity: ProcessIdentity;
  readonly port: number;
  readonly status: string;
}

const pollMs = 10;
const lastWordsMax = 20;

/** The server that runs on this cluster. Its pid file alone proves nothing: the process must have the cluster as its directory. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(ifMissing);
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const identity = Number.isSafeInteger(pid) && pid > 0 ? identifyProcess(pid) : undefined;
  if (identity === undefined || !(await isServerOf(pid, cluster))) return undefined;
  return { identity, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

function ifMissing(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}

/** Only Linux shows a process's directory; elsewhere the connection that follows asks the server for it. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
  return directory === (await realpath(cluster)) && basename(program).startsWith('postgres');
}

/** Waits until the server takes connections; it replays its log first when it was not shut down. Undefined when it ends instead. */
export async function awaitReady(cluster: string, pid: number, deadlineMs: number): Promise<Postmaster | undefined> {
  for (;;) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster?.identity.pid === pid && postmaster.status === 'ready') return postmaster;
    if (identifyProcess(pid) === undefined || postmaster?.status === 'stopping') return undefined;
    if (performance.now() > deadlineMs) {
      throw new EmbeddedPostgresError(
        'start-timeout',
        `PostgreSQL (process ${pid}) on ${cluster} has not become ready in time; it may still be replaying its log.`,
        'Start again: a server that has become ready meanwhile is taken over.',
      );
    }
    await pause(pollMs);
  }
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in our terminal does not reach it, and without a handle that keeps
 * this process alive. Its output before its own log is open goes to `startup.log`.
 */
export function spawnPostmaster(
  program: string,
  directory: DataDirectory,
  user: UnprivilegedUser | undefined,
): Promise<ChildProcess> {
  const log = openSync(startupLog(directory), 'w', 0o600);
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  try {
    const child = spawn(program, ['-D', directory.cluster], {
      ...identity,
      cwd: directory.cluster,
      env: serverEnvironment,
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.unref();
    return new Promise((resolve, reject) => child.once('spawn', () => resolve(child)).once('error', reject));
  } finally {
    closeSync(log);
  }
}

/** The last complaints of the server: the reason when it did not start or does not run any more. */
export async function lastWords(directory: DataDirectory): Promise<string> {
  const newest = (await readdir(directory.log))
    .filter((name) => name.startsWith('postgresql-'))
    .sort()
    .at(-1);
  const files = newest === undefined ? [] : [join(directory.log, newest)];
  const texts = await Promise.all(
    [startupLog(directory), ...files].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return texts
    .join('\n')
    .split('\n')
    .filter((line) => /FATAL|PANIC|ERROR|HINT|error while loading/.test(line))
    .slice(-lastWordsMax)
    .join('\n');
}

function startupLog(directory: DataDirectory): string {
  return join(directory.log, 'startup.log');
}

/** Every process of a server on this cluster, with or without its postmaster. Empty where the system does not show directories. */
export async function findServerProcesses(cluster: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).map(Number).filter(Number.isSafeInteger);
  const found = await Promise.all(pids.map(async (pid) => ((await isServerOf(pid, cluster)) ? [pid] : [])));
  return found.flat();
}
