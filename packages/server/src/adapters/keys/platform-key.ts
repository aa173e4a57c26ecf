import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';

export const platformKeyBytes = 32;

/** Why the platform's key-encryption key can not be used. The message holds no key material. */
export class PlatformKeyError extends Error {
  override readonly name = 'PlatformKeyError';
}

/** Reads the key from its configured form: base64 or base64url of exactly 32 bytes. Throws `PlatformKeyError`. */
export function parsePlatformKey(text: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed);
  if (!isBase64 || key.length !== platformKeyBytes) {
    throw new PlatformKeyError('The secret key must be 32 bytes in base64; make one with: openssl rand -base64 32');
  }
  if (new Set(key).size < platformKeyBytes / 4) {
    throw new PlatformKeyError('The secret key is not random; make one with: openssl rand -base64 32');
  }
  return key;
}

/**
 * The key in a file that only its owner can read; made when there is none. Processes that start together agree on one.
 * Throws `PlatformKeyError` when the file is not a key or when others can read it.
 */
export async function loadPlatformKeyFile(path: string): Promise<Buffer> {
  const existing = await readKeyFile(path);
  if (existing !== null) return existing;
  await publishNewKey(path);
  const published = await readKeyFile(path);
  if (published === null) throw new PlatformKeyError(`The key file ${path} vanished while it was made.`);
  return published;
}

async function readKeyFile(path: string): Promise<Buffer | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      throw new PlatformKeyError(`Others can read the key file ${path}; restrict it with: chmod 600`);
    return parsePlatformKey(await readFile(path, 'utf8'));
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
