import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type {
  AgedSigningKey,
  SigningKeyControl,
  SigningKeyFacts,
  SigningKeyState,
  SigningKeyStore,
} from '../../modules/access/index.ts';
import type { NewAuditEntry } from '../../modules/audit/index.ts';
import { makeStoredSigningKey, openSigningKey } from './signing-key.ts';
import type { PublicSigningJwk, SigningKey } from './signing-key.ts';

export interface SigningKeyPorts {
  readonly store: SigningKeyStore;
  readonly vault: SecretBox;
  readonly clock: Clock;
}

/**
 * The signing keys in use, the same in every process. A key gets a successor in time; the successor is published for a while before it
 * signs, and the key for a while after it signed last, so that whoever verifies knows both. Whichever process looks first does it.
 */
export class SigningKeyRing implements SigningKeyControl {
  readonly #ports: SigningKeyPorts;
  #keys: readonly SigningKey[] = [];
  #current: SigningKey | null = null;
  #cancelRefresh: CancelTimer = () => undefined;
  #readAtMs: number;
  #reading: Promise<void> | null = null;
  #isClosed = false;
  #turn = 0;
  #takenTurn = 0;
  #onGone: (kid: string) => void = () => undefined;

  private constructor(ports: SigningKeyPorts) {
    this.#ports = ports;
    this.#readAtMs = ports.clock.monotonicMs();
  }

  /** Reads the keys, and makes the first one when there is none. Rejects with `platform.unavailable` or `secret.unreadable`. */
  static async open(ports: SigningKeyPorts): Promise<SigningKeyRing> {
    const known = await ports.store.list();
    const stored = known.length > 0 ? known : await ports.store.add(await makeStoredSigningKey(ports.vault), null);
    const ring = new SigningKeyRing(ports);
    await ring.#take(stored, 0);
    ring.#refreshLater();
    return ring;
  }

  /** Tells of each key that is known no more, when that is noticed: what it signed is not to be believed. */
  onGone(tell: (kid: string) => void): void {
    this.#onGone = tell;
  }

  /** Reads the keys anew, because they changed; what a read under way finds may be from before. Rejects with `platform.unavailable`. */
  async reread(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await (this.#reading ??= this.#read());
  }

  async states(): Promise<readonly SigningKeyState[]> {
    return (await this.#ports.store.listFacts()).map((facts) => this.#stateOf(facts));
  }

  async rotate(entry: NewAuditEntry): Promise<string | null> {
    const { store, vault } = this.#ports;
    const successor = await makeStoredSigningKey(vault);
    const stored = await store.add(successor, limits.signingKeyPublishedMs, entry);
    await this.#take(stored, this.#nextTurn());
    return stored.some(({ kid }) => kid === successor.kid) ? successor.kid : null;
  }

  async drop(kid: string, entry: NewAuditEntry): Promise<boolean> {
    const { store, vault } = this.#ports;
    const stored = await store.drop(kid, await makeStoredSigningKey(vault), entry);
    if (stored !== null) await this.#take(stored, this.#nextTurn());
    return stored !== null;
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

  /** The key that signs: the newest that has been published for long enough, or the oldest when none has. */
  get current(): SigningKey {
    if (this.#current === null) throw new TypeError('There is no signing key in use.');
    return this.#current;
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
    const turn = this.#nextTurn();
    this.#readAtMs = this.#ports.clock.monotonicMs();
    try {
      await this.#take(await this.#ports.store.list(), turn);
    } finally {
      this.#reading = null;
    }
  }

  #nextTurn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  /**
   * A key that is known stays the same object, so that what was made of it can be kept. What was read before something newer was
   * taken is passed over: it may hold a key that has been dropped.
   */
  async #take(stored: readonly AgedSigningKey[], turn: number): Promise<void> {
    const { vault } = this.#ports;
    const keys = await Promise.all(stored.map(async (key) => this.#known(key.kid) ?? openSigningKey(key, vault)));
    if (turn < this.#takenTurn) return;
    this.#takenTurn = turn;
    const before = this.#keys;
    this.#keys = keys;
    const signing = stored.findLastIndex(({ ageMs }) => ageMs >= limits.signingKeyPublishedMs);
    this.#current = this.#keys.at(Math.max(0, signing)) ?? null;
    for (const { kid } of before) if (this.#known(kid) === null) this.#onGone(kid);
  }

  #refreshLater(): void {
    if (this.#isClosed) return;
    this.#cancelRefresh = this.#ports.clock.after(limits.signingKeysRefreshMs, () => {
      // A database that is away is asked again the next time.
      void this.#rotate()
        .catch(() => undefined)
        .finally(() => this.#refreshLater());
    });
  }

  /** Reads the keys anew, and sees to successors and to those that have served their time. */
  async #rotate(): Promise<void> {
    const { store, vault } = this.#ports;
    const heldMs = limits.signingKeyPublishedMs + limits.signingKeyHeldMs;
    this.#readAtMs = this.#ports.clock.monotonicMs();
    const turn = this.#nextTurn();
    let stored = await store.list();
    if ((stored.at(-1)?.ageMs ?? Infinity) >= limits.signingKeyMs)
      stored = await store.add(await makeStoredSigningKey(vault), limits.signingKeyMs);
    if (stored.slice(1).some(({ ageMs }) => ageMs > heldMs)) stored = await store.retire(heldMs);
    await this.#take(stored, turn);
  }
}
