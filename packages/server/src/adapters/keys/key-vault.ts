import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { PlatformKeyError, platformKeyBytes } from './platform-key.ts';

const formatVersion = 1;
const keyIdBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + nonceBytes;

/**
 * What the platform's key-encryption key can do: seal what must be kept, and hash client secrets. Each use has its own key,
 * derived with HKDF-SHA-256 (RFC 5869), so that no two uses can be played against each other.
 *
 * Sealed form: version (1 byte) · id of the key (8) · nonce (12) · AES-256-GCM tag (16) · ciphertext.
 */
export class KeyVault {
  /** Names the key without telling it: stored with everything sealed. */
  readonly keyId: Buffer;
  readonly #sealingKey: Buffer;
  readonly #pepper: Buffer;
  readonly #derive: (use: string, bytes: number) => Buffer;

  constructor(platformKey: Uint8Array) {
    if (platformKey.length !== platformKeyBytes) throw new PlatformKeyError('The secret key must be 32 bytes.');
    const derive = (use: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', platformKey, '', use, bytes));
    this.#derive = derive;
    this.keyId = derive('colloquy key id', keyIdBytes);
    this.#sealingKey = derive('colloquy sealing', 32);
    this.#pepper = derive('colloquy client secrets', 32);
  }

  /** Seals with AES-256-GCM. Opens only with the same context, so a sealed value can not be moved to another place. */
  seal(secret: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey, nonce);
    cipher.setAAD(this.#associated(context));
    const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([Buffer.of(formatVersion), this.keyId, nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** The secret again. Throws `PlatformKeyError` when the key or the context is another, or when the bytes were changed. */
  open(sealed: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(sealed);
    if (bytes.length < headBytes + tagBytes || bytes[0] !== formatVersion) {
      throw new PlatformKeyError('A sealed value has no form that this version of the platform knows.');
    }
    if (!bytes.subarray(1, 1 + keyIdBytes).equals(this.keyId)) {
      throw new PlatformKeyError('A sealed value was sealed with another secret key than the configured one.');
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#sealingKey, bytes.subarray(1 + keyIdBytes, headBytes));
    decipher.setAAD(this.#associated(context));
    decipher.setAuthTag(bytes.subarray(headBytes, headBytes + tagBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(headBytes + tagBytes)), decipher.final()]);
    } catch (cause) {
      throw new PlatformKeyError('A sealed value was changed or belongs to another place.', { cause });
    }
  }

  /** HMAC-SHA-256 under a pepper that never leaves this process. For secrets of 256 random bits, which nobody can guess. */
  hash(secret: string): Buffer {
    return createHmac('sha256', this.#pepper).update(secret).digest();
  }

  /** A key of 32 bytes for one further use, the same in every process. */
  keyFor(use: string): Buffer {
    return this.#derive(`colloquy ${use}`, 32);
  }

  #associated(context: string): Buffer {
    return Buffer.concat([Buffer.of(formatVersion), this.keyId, Buffer.from(context)]);
  }
}
