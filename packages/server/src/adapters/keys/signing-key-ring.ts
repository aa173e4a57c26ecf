import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { SigningKeyStore } from '../../modules/access/index.ts';
import type { KeyVault } from './key-vault.ts';
import { makeStoredSigningKey, openSigningKey } from './signing-key.ts';
import type { PublicSigningJwk, SigningKey } from './signing-key.ts';

export interface SigningKeyPorts {
  readonly store: SigningKeyStore;
  readonly vault: KeyVault;
  readonly clock: Clock;
}

/** The signing keys in use, the same in every process. */
export class SigningKeyRing {
  readonly #ports: SigningKeyPorts;
  #keys: readonly SigningKey[];
  #readAtMs: number;
  #reading: Promise<void> | null = null;

  private constructor(ports: SigningKeyPorts, keys: readonly SigningKey[]) {
    this.#ports = ports;
    this.#keys = keys;
    this.#readAtMs = ports.clock.monotonicMs();
  }

  /** Reads the keys, and makes the first one when there is none. Rejects with `platform.unavailable` or `PlatformKeyError`. */
  static async open(ports: SigningKeyPorts): Promise<SigningKeyRing> {
    const known = await ports.store.list();
    const stored = known.length > 0 ? known : await ports.store.addFirst(makeStoredSigningKey(ports.vault));
    return new SigningKeyRing(
      ports,
      stored.map((key) => openSigningKey(key, ports.vault)),
    );
  }

  /** The key that signs: the newest. */
  get current(): SigningKey {
    const newest = this.#keys.at(-1);
    if (newest === undefined) throw new TypeError('There is no signing key in use.');
    return newest;
  }

  /** The JSON Web Key Set (RFC 7517 section 5): public halves only. */
  jwks(): { readonly keys: readonly PublicSigningJwk[] } {
    return { keys: this.#keys.map((key) => key.publicJwk) };
  }

  /**
   * The key of this id; null when there is none. An id that is not known makes the keys be read anew, at most once in
   * `limits.signingKeysReadMs`. Rejects with `platform.unavailable` when that fails.
   */
  async find(kid: string): Promise<SigningKey | null> {
    const known = this.#known(kid);
    if (known !== null) return known;
    if (this.#reading === null && this.#ports.clock.monotonicMs() - this.#readAtMs < limits.signingKeysReadMs)
      return null;
    await (this.#reading ??= this.#read());
    return this.#known(kid);
  }

  #known(kid: string): SigningKey | null {
    return this.#keys.find((key) => key.kid === kid) ?? null;
  }

  async #read(): Promise<void> {
    this.#readAtMs = this.#ports.clock.monotonicMs();
    try {
      const stored = await this.#ports.store.list();
      this.#keys = stored.map((key) => openSigningKey(key, this.#ports.vault));
    } finally {
      this.#reading = null;
    }
  }
}
