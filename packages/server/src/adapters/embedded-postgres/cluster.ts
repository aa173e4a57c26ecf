import { execFile } from 'node:child_process';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { makeOwned } from './data-directory.ts';
import type { DataDirectory } from './data-directory.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { serverEnvironment } from './settings.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

export const adminLogin = 'colloquy_admin';

/** Makes the cluster when there is none. It appears complete or not at all. Only under the directory's lock. */
export async function ensureCluster(
  directory: DataDirectory,
  binaries: Binaries,
  user: UnprivilegedUser | undefined,
): Promise<void> {
  const major = await readMajor(directory.cluster);
  if (major === undefined) return createCluster(directory, binaries, user);
  if (major === binaries.major) return;
  throw new EmbeddedPostgresError(
    'wrong-major',
    `The data directory ${directory.root} was made by PostgreSQL ${major}; this version of Colloquy carries PostgreSQL ${binaries.major}, which cannot read it.`,
    `Run the version of Colloquy that made it and move the data with pg_dump, or move ${directory.cluster} away to start with an empty database.`,
  );
}

async function readMajor(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function createCluster(
  directory: DataDirectory,
  { initdb }: Binaries,
  user: UnprivilegedUser | undefined,
): Promise<void> {
  await rm(directory.draftCluster, { recursive: true, force: true });
  await makeOwned(directory.draftCluster, user);
  const passwordFile = join(directory.root, 'password.draft');
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, await readFile(directory.adminPassword), { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  try {
    await promisify(execFile)(initdb, initdbArguments(directory.draftCluster, passwordFile), {
      ...identity,
      cwd: directory.draftCluster,
      env: serverEnvironment,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(directory.draftCluster, directory.cluster);
}

function initdbArguments(cluster: string, passwordFile: string): readonly string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${adminLogin}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts by code point on every machine, so an index never depends on the operating system's collations.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    // In megabytes. A new segment is filled with zeros while every commit waits: 50 ms for the 16 MB of the default.
    '--wal-segsize=4',
    '--no-instructions',
  ];
}
