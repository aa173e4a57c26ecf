import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type {
  AgedSigningKey,
  SigningKeyControl,
  SigningKeyFacts,
  SigningKeySource,
  SigningKeyState,
  SigningKeyStore,
} from '../../modules/access/index.ts';
import type { NewAuditEntry } from '../../modules/audit/index.ts';
import { KeptKeys } from './kept-keys.ts';
import { makeStoredSigningKey, openSigningKey, signerOf, storedKeptKey } from './signing-key.ts';
import type { PublicSigningJwk, Signer, SigningKey } from './signing-key.ts';

export interface SigningKeyPorts {
  readonly store: SigningKeyStore;
  readonly vault: SecretBox;
  readonly clock: Clock;
  /** The source of the keys; absent: the platform makes them and seals them in the database. */
  readonly kept?: {
    readonly source: SigningKeySource;
    /** Called when the source cannot be read while the platform runs; the platform continues with the keys that it has. */
    readonly report: (error: unknown) => void;
  };
}

/**
 * The signing keys in use, the same in every process. A key gets a successor in time; the successor is published for a while before it
 * signs, and the key for a while after it signed last, so that every verifier knows both. The process that checks first does it. Keys that
 * are kept in a source are made there: the newest key of the source is the successor.
 */
export class SigningKeyRing implements SigningKeyControl {
  readonly #ports: SigningKeyPorts;
  #keys: readonly SigningKey[] = [];
  readonly #kept: KeptKeys | null;
  #current: Signer | null = null;
  #cancelRefresh: CancelTimer = () => undefined;
  #readAtMs: number;
  #reading: Promise<void> | null = null;
  #isClosed = false;
  #lastRead = 0;
  #takenRead = 0;
  #onGone: (kid: string) => void = () => undefined;

  private constructor(ports: SigningKeyPorts) {
    this.#ports = ports;
    this.#kept = ports.kept === undefined ? null : new KeptKeys(ports.kept.source, ports);
    this.#readAtMs = ports.clock.monotonicMs();
  }

  /**
   * Reads the keys, and makes the first one when there is none that this process can sign with. Rejects with `platform.unavailable`,
   * `secret.unreadable`, or what is wrong with the place where they are kept.
   */
  static async open(ports: SigningKeyPorts): Promise<SigningKeyRing> {
    const ring = new SigningKeyRing(ports);
    await ring.#begin();
    ring.#refreshLater();
    return ring;
  }

  async #begin(): Promise<void> {
    const { store, vault } = this.#ports;
    if (this.#kept !== null) {
      await this.#kept.read();
      const stored = await this.#kept.publish();
      this.#kept.assertNewestAmong(stored);
      return this.#take(stored, 0);
    }
    const known = await store.list();
    await this.#take(known.length > 0 ? known : await store.add(await makeStoredSigningKey(vault), null), 0);
    // The published keys came from a source that this process is no longer configured with.
    if (this.#current === null) await this.#take(await store.add(await makeStoredSigningKey(vault), 0), 0);
  }

  /** Calls the listener for each key that is no longer known, when that is noticed: nothing that it signed is trusted. */
  onGone(tell: (kid: string) => void): void {
    this.#onGone = tell;
  }

  /** Reads the keys again, because they changed; a running read may have started before the change. Rejects with `platform.unavailable`. */
  async reread(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await (this.#reading ??= this.#read());
  }

  async states(): Promise<readonly SigningKeyState[]> {
    return (await this.#ports.store.listFacts()).map((facts) => this.#stateOf(facts));
  }

  async rotate(entry: NewAuditEntry): Promise<string | null> {
    const { store, vault } = this.#ports;
    if (this.#kept !== null) return this.#publishKept(this.#kept, entry);
    const successor = await makeStoredSigningKey(vault);
    const stored = await store.add(successor, limits.signingKeyPublishedMs, entry);
    await this.#take(stored, this.#nextRead());
    return stored.some(({ kid }) => kid === successor.kid) ? successor.kid : null;
  }

  async drop(kid: string, entry: NewAuditEntry): Promise<boolean> {
    const { store, vault } = this.#ports;
    const kept = this.#kept;
    if (kept !== null) {
      await this.#readKept(kept);
      await this.#take(await kept.publish(), this.#nextRead());
      const isOnly = !this.#keys.some((key) => key.kid !== kid && key.privateHalf !== null);
      if (isOnly) throw new PlatformError('access.keys-elsewhere');
    }
    const successor = kept === null ? await makeStoredSigningKey(vault) : await storedKeptKey(kept.newest, vault);
    const stored = await store.drop(kid, successor, entry);
    if (stored !== null) await this.#take(stored, this.#nextRead());
    return stored !== null;
  }

  /** The key that was added to the source since the last check and is published now; null when a published one does not sign yet. */
  async #publishKept(kept: KeptKeys, entry: NewAuditEntry): Promise<string | null> {
    if (!(await this.#readKept(kept))) throw new PlatformError('access.keys-elsewhere');
    const before = new Set((await this.#ports.store.list()).map(({ kid }) => kid));
    const stored = await kept.publish(entry);
    await this.#take(stored, this.#nextRead());
    const added = stored.find(({ kid }) => !before.has(kid));
    if (added !== undefined) return added.kid;
    const newest = stored.find(({ kid }) => kid === kept.newestKid);
    const isYoung = newest !== undefined && newest.ageMs < limits.signingKeyPublishedMs;
    if (isYoung && newest.kid !== this.#current?.kid) return null;
    throw new PlatformError('access.keys-elsewhere');
  }

  /** Whether the source could be read. If not, the failure is reported and the known keys stay in use. */
  async #readKept(kept: KeptKeys): Promise<boolean> {
    try {
      await kept.read();
      return true;
    } catch (error) {
      this.#ports.kept?.report(error);
      return false;
    }
  }

  #stateOf({ kid, createdAt, retiredAt, droppedAt }: SigningKeyFacts): SigningKeyState {
    const state = kid === this.#current?.kid ? 'signing' : 'published';
    return { kid, createdAt, state: droppedAt !== null ? 'dropped' : retiredAt !== null ? 'retired' : state };
  }

  /** Reads no more keys by itself. */
  close(): void {
    this.#cancelRefresh();
    this.#cancelRefresh = () => undefined;
    this.#isClosed = true;
  }

  /**
   * The key that signs: of those that this process can sign with the newest that has been published for long enough, or else the oldest. Throws
   * `platform.unavailable` when those that it can sign with are all out of use by now; other processes may have another.
   */
  get current(): Signer {
    if (this.#current === null)
      throw new PlatformError('platform.unavailable', { cause: new Error('there is no signing key in use') });
    return this.#current;
  }

  /** The JSON Web Key Set (RFC 7517 section 5): public halves only. */
  jwks(): { readonly keys: readonly PublicSigningJwk[] } {
    return { keys: this.#keys.map((key) => key.publicJwk) };
  }

  /**
   * The key of this id; null when there is none. An unknown id makes the ring read the keys again, at most once in
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
    const read = this.#nextRead();
    this.#readAtMs = this.#ports.clock.monotonicMs();
    try {
      await this.#take(await this.#ports.store.list(), read);
    } finally {
      this.#reading = null;
    }
  }

  #nextRead(): number {
    this.#lastRead += 1;
    return this.#lastRead;
  }

  /**
   * A known key stays the same object, so that values derived from it can be cached. A read that is older than the rows that were
   * applied last is ignored: it may hold a key that was dropped since.
   */
  async #take(stored: readonly AgedSigningKey[], read: number): Promise<void> {
    const keys = await Promise.all(stored.map((key) => this.#opened(key)));
    if (read < this.#takenRead) return;
    this.#takenRead = read;
    const before = this.#keys;
    this.#keys = keys;
    this.#current = this.#signerAmong(stored);
    for (const { kid } of before) if (this.#known(kid) === null) this.#onGone(kid);
  }

  async #opened(stored: AgedSigningKey): Promise<SigningKey> {
    const halves = this.#kept?.halves;
    const known = this.#known(stored.kid);
    const isSame = known !== null && (!known.isKept || (known.privateHalf !== null) === halves?.has(stored.kid));
    return isSame ? known : openSigningKey(stored, this.#ports.vault, halves);
  }

  #signerAmong(stored: readonly AgedSigningKey[]): Signer | null {
    const own = this.#keys.filter(({ privateHalf }) => privateHalf !== null);
    const isOld = (kid: string): boolean =>
      stored.some((key) => key.kid === kid && key.ageMs >= limits.signingKeyPublishedMs);
    const signing = own.findLast(({ kid }) => isOld(kid)) ?? own[0];
    if (signing === undefined) return null;
    return signing.kid === this.#current?.kid ? this.#current : signerOf(signing);
  }

  #refreshLater(): void {
    if (this.#isClosed) return;
    this.#cancelRefresh = this.#ports.clock.after(limits.signingKeysRefreshMs, () => {
      // A database that is away is asked again the next time.
      void this.#rotate()
        .catch((error: unknown) => (error instanceof PlatformError ? undefined : this.#ports.kept?.report(error)))
        .finally(() => this.#refreshLater());
    });
  }

  /** Reads the keys again, makes a successor when one is due, and retires old keys. */
  async #rotate(): Promise<void> {
    const { store, vault } = this.#ports;
    const heldMs = limits.signingKeyPublishedMs + limits.signingKeyHeldMs;
    this.#readAtMs = this.#ports.clock.monotonicMs();
    const read = this.#nextRead();
    if (this.#kept !== null) await this.#readKept(this.#kept);
    let stored = await (this.#kept === null ? store.list() : this.#kept.publish());
    if (this.#kept === null && (stored.at(-1)?.ageMs ?? Infinity) >= limits.signingKeyMs)
      stored = await store.add(await makeStoredSigningKey(vault), limits.signingKeyMs);
    if (stored.slice(1).some(({ ageMs }) => ageMs > heldMs)) stored = await store.retire(heldMs);
    await this.#take(stored, read);
    if (this.#current === null) this.#kept?.assertNewestAmong(stored);
  }
}
