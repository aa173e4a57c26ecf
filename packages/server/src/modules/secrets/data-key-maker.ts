import type { KeyOwner, WrappedDataKey } from './data-key.ts';

/** Makes and re-wraps data keys; an unwrapped key never leaves it. */
export interface DataKeyMaker {
  /** A new key of the owner, wrapped by the key-encryption key of this name. Rejects with `secret.unreadable` without that key. */
  make(owner: KeyOwner, kekId: string): Promise<WrappedDataKey>;
  /** The same key, wrapped by the key-encryption key of this name. Rejects with `secret.unreadable` when it does not unwrap. */
  rewrap(key: WrappedDataKey, kekId: string): Promise<WrappedDataKey>;
  /** The key-encryption key that this process would use from now on, with its check value. */
  newest(): Promise<{ readonly kekId: string; readonly checkWrapped: Uint8Array }>;
}
