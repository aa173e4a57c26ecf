import type { KeyOwner, WrappedDataKey } from './data-key.ts';

/**
 * Durable data keys. Promises of an implementation: an owner has at most one current key; a stored key stays, so that everything it sealed
 * opens, also from an older copy of a row; no method shows another owner's key. Every method rejects with `platform.unavailable`.
 */
export interface DataKeyStore {
  /** The key that seals now; null before the owner's first secret. */
  findCurrent(owner: KeyOwner): Promise<WrappedDataKey | null>;
  find(owner: KeyOwner, keyId: string): Promise<WrappedDataKey | null>;
  /**
   * Makes a key the current one in place of the key `after`, which is null for an owner without any. Without effect when another is
   * current by now, or when its key-encryption key is not the current one. Answers the key that is current afterwards.
   */
  add(key: WrappedDataKey, after: string | null): Promise<WrappedDataKey | null>;
  /** Keys of an owner that another key-encryption key than `kekId` wraps; the platform's root is among the platform's. */
  listWrappedByOthers(owner: KeyOwner, kekId: string): Promise<readonly WrappedDataKey[]>;
  /** The same key, wrapped by another key-encryption key. */
  rewrap(key: WrappedDataKey): Promise<void>;
  /** Whether the current key of the owner is older than this; false without one. */
  isOlderThan(owner: KeyOwner, instant: Date): Promise<boolean>;
}
