import { createHmac, hkdfSync } from 'node:crypto';
import { PlatformError } from '../../kernel/errors.ts';
import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { KeyOwner } from '../../modules/secrets/index.ts';
import { isFirstForm, openFirstForm } from './first-form.ts';
import { PlatformKeyError, platformKeyBytes } from './platform-key.ts';
import { openWith, sealedKeyId, sealWith } from './sealed-form.ts';
import type { DataKey } from './sealed-form.ts';

/** Where a vault has its data keys from. Both reject with `platform.unavailable`. */
export interface DataKeySource {
  /** The current key; made when there is none. */
  current(owner: KeyOwner): Promise<DataKey>;
  /** Null when the owner has no such key. */
  find(owner: KeyOwner, keyId: string): Promise<DataKey | null>;
}

/**
 * Seals each owner's secrets with the owner's data key, and hashes client secrets. The hash and every further use have
 * a key of their own, derived from one root with HKDF-SHA-256 (RFC 5869), so that one use cannot attack another.
 */
export class KeyVault implements SecretBox {
  readonly #root: Buffer;
  readonly #pepper: Buffer;
  readonly #dataKeys: DataKeySource;

  /** `root`: 32 bytes. Without a source of data keys, every owner's is derived from the root as well. */
  constructor(root: Uint8Array, dataKeys?: DataKeySource) {
    if (root.length !== platformKeyBytes) throw new PlatformKeyError('The secret key must be 32 bytes.');
    this.#root = Buffer.from(root);
    this.#pepper = this.#derive('colloquy client secrets');
    this.#dataKeys = dataKeys ?? derivedDataKeys((use) => this.#derive(use));
  }

  async seal(secret: Uint8Array, place: SecretPlace): Promise<Buffer> {
    return sealWith(await this.#dataKeys.current(place.tenantId), secret, place);
  }

  async open(sealed: Uint8Array, place: SecretPlace): Promise<Buffer> {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (isFirstForm(bytes)) return readable(() => openFirstForm(this.#root, bytes, place));
    const keyId = sealedKeyId(bytes);
    if (keyId === null) throw unreadable(new Error('It has no form that this version of the platform knows.'));
    const key = await this.#dataKeys.find(place.tenantId, keyId);
    if (key === null) throw unreadable(new Error('Its data key is not among those of its owner.'));
    return readable(() => openWith(key, bytes, place));
  }

  /** HMAC-SHA-256 under a pepper that never leaves this process. For secrets of 256 random bits, which cannot be guessed. */
  hash(secret: string): Buffer {
    return createHmac('sha256', this.#pepper).update(secret).digest();
  }

  /** A key of 32 bytes for one further use, the same in every process. */
  keyFor(use: string): Buffer {
    return this.#derive(`colloquy ${use}`);
  }

  #derive(use: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#root, '', use, 32));
  }
}

function derivedDataKeys(derive: (use: string) => Buffer): DataKeySource {
  const keyOf = (owner: KeyOwner): DataKey => {
    const secret = derive(`colloquy data key ${owner ?? 'platform'}`);
    return { keyId: derive(`colloquy data key id ${owner ?? 'platform'}`).toString('hex', 0, 16), secret };
  };
  return {
    current: (owner) => Promise.resolve(keyOf(owner)),
    find: (owner, keyId) => Promise.resolve(keyOf(owner).keyId === keyId ? keyOf(owner) : null),
  };
}

function readable(open: () => Buffer): Buffer {
  try {
    return open();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): PlatformError {
  return new PlatformError('secret.unreadable', { cause });
}
