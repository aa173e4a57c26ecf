/** A signing key as it is stored. */
export interface StoredSigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly algorithm: 'ES256';
  /** RFC 7517; for people and tools. What is trusted is derived from the sealed private key. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** The private JWK, sealed with the platform's key-encryption key. */
  readonly privateJwkSealed: Uint8Array;
}

/** Durable signing keys, shared by every process. Every method rejects with `platform.unavailable` when the database is away. */
export interface SigningKeyStore {
  /** The keys in use, oldest first. */
  list(): Promise<readonly StoredSigningKey[]>;
  /** Adds `key` when there is none in use, one process at a time, and resolves with the keys in use, oldest first. */
  addFirst(key: StoredSigningKey): Promise<readonly StoredSigningKey[]>;
}
