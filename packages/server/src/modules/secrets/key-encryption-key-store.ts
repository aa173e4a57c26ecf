/** A key-encryption key as the database knows it. */
export interface KnownKeyEncryptionKey {
  readonly kekId: string;
  /** A public value, wrapped with the key: it detects a wrong key of the same name. */
  readonly checkWrapped: Uint8Array;
}

/** The database's record of its key-encryption key. */
export interface KeyEncryptionState {
  /** The one that wraps new data keys; null before the first start. */
  readonly current: KnownKeyEncryptionKey | null;
  /** The root that uses beside sealing derive their keys from, wrapped; null before the first start. */
  readonly root: { readonly keyId: string; readonly kekId: string; readonly wrapped: Uint8Array } | null;
  /** There is data of a time when secrets were sealed with the key-encryption key itself. */
  readonly hasFirstForm: boolean;
  /** Name that such data gives its key: 16 hex digits; null when nothing sealed is there. */
  readonly firstFormKeyId: string | null;
}

/** Which key-encryption key a database belongs to. Every method rejects with `platform.unavailable`. */
export interface KeyEncryptionKeyStore {
  read(): Promise<KeyEncryptionState>;
  /** Names the first key-encryption key of a database, with the wrapped root of derived keys. Without effect when there is one. */
  establish(key: KnownKeyEncryptionKey, root: { readonly keyId: string; readonly wrapped: Uint8Array }): Promise<void>;
}
