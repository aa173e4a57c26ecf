import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { PrivateHalf, SigningKeySource } from '../../modules/access/index.ts';
import { localPrivateHalf, thumbprintOf } from './private-half.ts';

/** Why signing keys outside of the database cannot be used. The message holds no key material. */
export class SigningKeySourceError extends Error {
  override readonly name = 'SigningKeySourceError';
}

const pemBlock = /-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g;
const base64Text = /^[A-Za-z0-9+/\s]+=*\s*$/;
const keysMax = 10;

/** Private keys in a file that only its owner can read, as PEM, the newest first. It is read again each time. */
export function fileSigningKeys(variable: string, path: string): SigningKeySource {
  return {
    name: variable,
    async read() {
      const text = await readPrivately(variable, path);
      return keysIn(text, `${variable} (${path})`);
    },
  };
}

/** Private keys in the text of a variable: PEM, or that in base64 for places that keep no line ends. */
export function environmentSigningKeys(variable: string, text: string): SigningKeySource {
  const isEncoded = base64Text.test(text);
  const pem = isEncoded ? Buffer.from(text, 'base64').toString('latin1') : text;
  return { name: variable, read: async () => keysIn(pem, variable) };
}

async function readPrivately(variable: string, path: string): Promise<string> {
  const problem = (what: string, cause: unknown): SigningKeySourceError =>
    new SigningKeySourceError(`${variable}: the file ${path} ${what}.`, { cause });
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw problem('can be read by others; restrict it with: chmod 600', null);
    return await readFile(path, 'latin1');
  } catch (error) {
    if (error instanceof SigningKeySourceError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw problem(isMissing ? 'is not there' : 'can not be read', error);
  }
}

function keysIn(pem: string, where: string): readonly PrivateHalf[] {
  const blocks = Array.from(pem.matchAll(pemBlock), ([block, label]) => ({ block, label: label ?? '' }));
  // `openssl ecparam -genkey` writes this block before the key.
  const keys = blocks.filter(({ label }) => label !== 'EC PARAMETERS');
  if (keys.length === 0) throw new SigningKeySourceError(`${where}: there is no private key in PEM.`);
  if (keys.length > keysMax) throw new SigningKeySourceError(`${where}: there are more than ${keysMax} keys.`);
  const halves = keys.map(({ block }, at) => halfOf(block, `${where}: key ${at + 1}`));
  const ids = new Set(halves.map(({ publicHalf }) => thumbprintOf(publicHalf)));
  if (ids.size < halves.length) throw new SigningKeySourceError(`${where}: a key is there twice.`);
  return halves;
}

function halfOf(block: string, which: string): PrivateHalf {
  try {
    return localPrivateHalf(createPrivateKey(block));
  } catch (error) {
    const isOther = error instanceof TypeError && error.message.startsWith('A signing key');
    const why = isOther
      ? 'is not one of the curve P-256'
      : 'is not a private key that can be read without a passphrase';
    throw new SigningKeySourceError(`${which} ${why}; make one with: ${recipe}`);
  }
}

const recipe = 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256';
