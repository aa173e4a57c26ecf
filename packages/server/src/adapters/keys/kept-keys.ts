import type { SecretBox } from '../../kernel/secret-box.ts';
import type { AgedSigningKey, PrivateHalf, SigningKeySource, SigningKeyStore } from '../../modules/access/index.ts';
import type { NewAuditEntry } from '../../modules/audit/index.ts';
import { thumbprintOf } from './private-half.ts';
import { storedKeptKey } from './signing-key.ts';
import type { KeptHalves } from './signing-key.ts';
import { SigningKeySourceError } from './signing-key-sources.ts';

interface KeptKeysPorts {
  readonly store: Pick<SigningKeyStore, 'list' | 'add'>;
  readonly vault: SecretBox;
}

/** The keys of a source, as they were read last. The first one is the newest, and the only one that is published. */
export class KeptKeys {
  readonly #source: SigningKeySource;
  readonly #ports: KeptKeysPorts;
  #halves: KeptHalves = new Map();
  #newest: PrivateHalf | null = null;

  constructor(source: SigningKeySource, ports: KeptKeysPorts) {
    this.#source = source;
    this.#ports = ports;
  }

  get halves(): KeptHalves {
    return this.#halves;
  }

  get newest(): PrivateHalf {
    if (this.#newest === null) throw new TypeError('The source of signing keys was not read.');
    return this.#newest;
  }

  get newestKid(): string {
    return thumbprintOf(this.newest.publicHalf);
  }

  /** Reads the source. Rejects as the source does; the keys that were read before stay. */
  async read(): Promise<void> {
    const halves = await this.#source.read();
    const [newest] = halves;
    if (newest === undefined) throw new SigningKeySourceError(`${this.#source.name}: there is no key.`);
    this.#newest = newest;
    this.#halves = new Map(halves.map((half) => [thumbprintOf(half.publicHalf), half]));
  }

  /** Publishes the newest key when no process has yet; resolves with the keys in use. Rejects with `platform.unavailable`. */
  async publish(entry?: NewAuditEntry): Promise<readonly AgedSigningKey[]> {
    const { store, vault } = this.#ports;
    const stored = await store.list();
    if (stored.some(({ kid }) => kid === this.newestKid)) return stored;
    return store.add(await storedKeptKey(this.newest, vault), 0, entry);
  }

  /** Throws unless the newest key is published: a retired or dropped key is never published again. */
  assertNewestAmong(stored: readonly AgedSigningKey[]): void {
    if (stored.some(({ kid }) => kid === this.newestKid)) return;
    throw new SigningKeySourceError(
      `${this.#source.name}: its first key, ${this.newestKid}, has served its time or was dropped; put a new one before it.`,
    );
  }
}
