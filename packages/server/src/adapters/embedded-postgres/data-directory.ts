import { chmod, chown, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './errors.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

/** The paths below the data directory. */
export interface DataDirectory {
  readonly root: string;
  /** The `data_directory` of PostgreSQL; its own user owns it. */
  readonly cluster: string;
  /** Half-made clusters; becomes `cluster` by a rename. */
  readonly draftCluster: string;
  readonly socket: string;
  readonly log: string;
  readonly lock: string;
  readonly users: string;
  /** Copies of the binaries, one folder a version. */
  readonly binaries: string;
  readonly adminPassword: string;
  readonly runtimePassword: string;
}

const ownerOnly = 0o700;
const passThrough = 0o711;

/** Creates the missing directories with their owners. Throws `permission-denied` when the server's user cannot enter them. */
export async function openDataDirectory(path: string, user: UnprivilegedUser | undefined): Promise<DataDirectory> {
  const root = resolve(path);
  await mkdir(root, { recursive: true, mode: user === undefined ? ownerOnly : passThrough });
  const directory = layout(await realpath(root));
  if (user !== undefined) await openWayFor(user, directory.root);
  for (const path of [directory.socket, directory.log]) await makeOwned(path, user);
  return directory;
}

/** A directory that only the server's user may enter. */
export async function makeOwned(path: string, user: UnprivilegedUser | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: ownerOnly });
  await chmod(path, ownerOnly);
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

function layout(root: string): DataDirectory {
  return {
    root,
    cluster: join(root, 'cluster'),
    draftCluster: join(root, 'cluster.draft'),
    socket: join(root, 'socket'),
    log: join(root, 'log'),
    lock: join(root, 'lock'),
    users: join(root, 'users'),
    binaries: join(root, 'binaries'),
    adminPassword: join(root, 'admin-password'),
    runtimePassword: join(root, 'runtime-password'),
  };
}

/** The data directory itself may be made traversable; the directories above it belong to others. */
async function openWayFor(user: UnprivilegedUser, root: string): Promise<void> {
  for (const ancestor of ancestorsOf(root)) {
    if (await mayEnter(user, ancestor)) continue;
    throw new EmbeddedPostgresError(
      'permission-denied',
      `PostgreSQL cannot run as root, and the user '${user.name}' that it runs as may not enter ${ancestor}, above the data directory ${root}.`,
      `Choose a data directory elsewhere, or run: chmod o+x ${ancestor}`,
    );
  }
  if (await mayEnter(user, root)) return;
  await chmod(root, (await stat(root)).mode | 0o111);
}

function ancestorsOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...ancestorsOf(parent), parent];
}

async function mayEnter(user: UnprivilegedUser, path: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
