import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import type { DataDirectory } from './data-directory.ts';
import { EmbeddedPostgresError } from './errors.ts';

export interface Passwords {
  readonly admin: string;
  readonly runtime: string;
}

const passwordBytes = 24;

/** The passwords of this data directory; makes them when there is no cluster yet. Only under the directory's lock. */
export async function loadPasswords(directory: DataDirectory): Promise<Passwords> {
  const hasCluster = await stat(directory.cluster).catch(() => undefined);
  if (hasCluster === undefined) await createPassword(directory.adminPassword);
  await createPassword(directory.runtimePassword);
  return { admin: await read(directory.adminPassword), runtime: await read(directory.runtimePassword) };
}

async function createPassword(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(randomBytes(passwordBytes).toString('base64url'));
  await file.sync();
  await file.close();
  await rename(draft, path);
}

async function read(path: string): Promise<string> {
  const password = await readFile(path, 'utf8').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isMissing ? lost(path) : error;
  });
  if (password === '') throw lost(path);
  return password;
}

function lost(path: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'start-failed',
    `The password file ${path} is missing or empty, and the database beside it needs it.`,
    'Restore the file from a backup, or move the data directory away to start with an empty one.',
  );
}
