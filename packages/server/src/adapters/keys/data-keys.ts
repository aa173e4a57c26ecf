import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type {
  DataKeyStore,
  KeyEncryptionKeys,
  KeyEncryptionKeyStore,
  KeyOwner,
  WrappedDataKey,
} from '../../modules/secrets/index.ts';
import type { DataKeySource } from './key-vault.ts';
import type { DataKey } from './sealed-form.ts';
import { newDataKey, unwrapDataKey } from './wrapped-data-key.ts';

export interface DataKeysOptions {
  readonly store: DataKeyStore;
  readonly kekStore: Pick<KeyEncryptionKeyStore, 'read'>;
  readonly keks: KeyEncryptionKeys;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The keys of one owner in this process. */
interface OwnedKeys {
  readonly byId: Map<string, DataKey>;
  current: DataKey | null;
  readAtMs: number;
  reading: Promise<DataKey> | null;
}

/** The data keys of every owner, unwrapped when they are needed and kept in memory, in bounds. */
export class DataKeys implements DataKeySource {
  readonly #options: DataKeysOptions;
  readonly #owners = new Map<KeyOwner, OwnedKeys>();

  constructor(options: DataKeysOptions) {
    this.#options = options;
  }

  current(owner: KeyOwner): Promise<DataKey> {
    const owned = this.#ownedBy(owner);
    const isFresh = this.#options.clock.monotonicMs() - owned.readAtMs < limits.dataKeyRefreshMs;
    if (owned.current !== null && isFresh) return Promise.resolve(owned.current);
    owned.reading ??= this.#readCurrent(owner, owned).finally(() => (owned.reading = null));
    return owned.reading;
  }

  async find(owner: KeyOwner, keyId: string): Promise<DataKey | null> {
    const owned = this.#ownedBy(owner);
    const known = owned.byId.get(keyId);
    if (known !== undefined) return known;
    const wrapped = await this.#options.store.find(owner, keyId);
    return wrapped === null ? null : this.#keep(owned, wrapped);
  }

  /** The next secret looks up the current key again. */
  forget(): void {
    for (const owned of this.#owners.values()) owned.readAtMs = -Infinity;
  }

  async #readCurrent(owner: KeyOwner, owned: OwnedKeys): Promise<DataKey> {
    const readAtMs = this.#options.clock.monotonicMs();
    const stored = (await this.#options.store.findCurrent(owner)) ?? (await this.#addFirst(owner));
    owned.current = owned.byId.get(stored.keyId) ?? (await this.#keep(owned, stored));
    owned.readAtMs = readAtMs;
    return owned.current;
  }

  async #addFirst(owner: KeyOwner): Promise<WrappedDataKey> {
    const { store, kekStore, keks, ids } = this.#options;
    // A rotation may change the key-encryption key between the two steps; the second time it is the new one.
    for (const _try of [1, 2]) {
      const { current } = await kekStore.read();
      const kek = current === null ? null : await keks.find(current.kekId);
      if (kek === null) break;
      const added = await store.add(await newDataKey(kek, owner, uuidOf(ids.next('key'))), null);
      if (added !== null) return added;
    }
    throw new PlatformError('platform.unavailable', { cause: new Error('No key can wrap a new data key.') });
  }

  async #keep(owned: OwnedKeys, wrapped: WrappedDataKey): Promise<DataKey> {
    const { keyId, kekId } = wrapped;
    const kek = await this.#options.keks.find(kekId);
    if (kek === null) throw unwrappable(new Error(`This process does not have the key-encryption key ${kekId}.`));
    const secret = await unwrapDataKey(kek, wrapped).catch((cause: unknown) => {
      throw unwrappable(cause);
    });
    const key = { keyId, secret };
    owned.byId.set(keyId, key);
    if (owned.byId.size > limits.dataKeysPerOwnerMax) owned.byId.delete(owned.byId.keys().next().value ?? '');
    return key;
  }

  #ownedBy(owner: KeyOwner): OwnedKeys {
    const owned = this.#owners.get(owner) ?? { byId: new Map(), current: null, readAtMs: -Infinity, reading: null };
    this.#owners.delete(owner);
    this.#owners.set(owner, owned);
    if (this.#owners.size > limits.dataKeyOwnersMax) this.#forgetLeastUsed();
    return owned;
  }

  #forgetLeastUsed(): void {
    for (const owner of this.#owners.keys()) {
      this.#owners.delete(owner);
      return;
    }
  }
}

function unwrappable(cause: unknown): PlatformError {
  return new PlatformError('secret.unreadable', { cause });
}
