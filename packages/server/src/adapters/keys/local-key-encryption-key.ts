import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyEncryptionKey, KeyEncryptionKeys } from '../../modules/secrets/index.ts';
import { PlatformKeyError } from './platform-key.ts';

const nonceBytes = 12;
const tagBytes = 16;
const idBytes = 8;

/** A key-encryption key that this process holds itself: 32 bytes from the environment or a file. */
export class LocalKeyEncryptionKey implements KeyEncryptionKey {
  readonly kekId: string;
  readonly #wrappingKey: Buffer;

  constructor(key: Uint8Array) {
    const derive = (use: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', key, '', use, bytes));
    this.kekId = `local:${derive('colloquy key id', idBytes).toString('hex')}`;
    this.#wrappingKey = derive('colloquy wrapping', 32);
  }

  /** AES-256-GCM: nonce (12 bytes) · tag (16) · ciphertext. */
  wrap(dataKey: Uint8Array, context: string): Promise<Uint8Array> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#wrappingKey, nonce);
    cipher.setAAD(this.#associated(context));
    const ciphertext = Buffer.concat([cipher.update(dataKey), cipher.final()]);
    return Promise.resolve(Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]));
  }

  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array> {
    try {
      const bytes = Buffer.from(wrapped);
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', this.#wrappingKey, nonce, { authTagLength: tagBytes });
      decipher.setAAD(this.#associated(context));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const text = bytes.subarray(nonceBytes + tagBytes);
      return Promise.resolve(Buffer.concat([decipher.update(text), decipher.final()]));
    } catch (cause) {
      return Promise.reject(new PlatformKeyError('A wrapped key was changed or belongs to another place.', { cause }));
    }
  }

  #associated(context: string): Buffer {
    return Buffer.from(JSON.stringify([this.kekId, context]));
  }
}

/**
 * The key-encryption keys of this process, the newest first. `read` answers the keys as they are configured now; a file may have changed
 * since the start, so it is read again for a name that is not known.
 */
export function localKeyEncryptionKeys(read: () => Promise<readonly Uint8Array[]>): KeyEncryptionKeys {
  let known: readonly LocalKeyEncryptionKey[] = [];
  const readAll = async (): Promise<readonly LocalKeyEncryptionKey[]> => {
    known = (await read()).map((key) => new LocalKeyEncryptionKey(key));
    return known;
  };
  return {
    async newest() {
      const [newest] = await readAll();
      if (newest === undefined) throw new PlatformKeyError('There is no secret key.');
      return newest;
    },
    async find(kekId) {
      const is = (one: KeyEncryptionKey): boolean => one.kekId === kekId;
      return known.find(is) ?? (await readAll()).find(is) ?? null;
    },
  };
}
