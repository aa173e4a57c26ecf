import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { readSecretKeys, secretKeyBytes } from '../../kernel/secret-key.ts';

export const platformKeyBytes = secretKeyBytes;

/** Why the platform's key-encryption key cannot be used. The message holds no key material. */
export class PlatformKeyError extends Error {
  override readonly name = 'PlatformKeyError';
}

/** Reads the keys from their configured form, the newest first. Throws `PlatformKeyError`. */
export function parsePlatformKeys(text: string): readonly Uint8Array[] {
  const { keys, problem } = readSecretKeys(text);
  if (problem !== null) throw new PlatformKeyError(`The secret key ${problem}`);
  return keys;
}

/**
 * The keys in a file that only its owner can read, one in each line; made with one when there is none. Processes that start together agree
 * on one. Throws `PlatformKeyError` when the file holds anything else or when other users can read it.
 */
export async function loadPlatformKeyFile(path: string): Promise<readonly Uint8Array[]> {
  const existing = await findKeyFile(path);
  if (existing !== null) return existing;
  await publishNewKey(path);
  return readPlatformKeyFile(path);
}

/** The keys in a file that the operator provides. Throws `PlatformKeyError`, also when there is no such file. */
export async function readPlatformKeyFile(path: string): Promise<readonly Uint8Array[]> {
  const keys = await findKeyFile(path);
  if (keys === null) throw new PlatformKeyError(`There is no key file ${path}.`);
  return keys;
}

async function findKeyFile(path: string): Promise<readonly Uint8Array[] | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      throw new PlatformKeyError(`Others can read the key file ${path}; restrict it with: chmod 600`);
    return parsePlatformKeys(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Complete and on disk before it has its name; the first of several processes wins. */
async function publishNewKey(path: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(platformKeyBytes).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}
