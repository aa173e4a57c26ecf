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

/** A signing key in use, with its age by the database's clock when it was read. */
export interface AgedSigningKey extends StoredSigningKey {
  readonly ageMs: number;
}

/** Durable signing keys, shared by every process. Every method rejects with `platform.unavailable` when the database is away. */
export interface SigningKeyStore {
  /** The keys in use, oldest first. */
  list(): Promise<readonly AgedSigningKey[]>;
  /**
   * Adds `key` when there is none in use that is younger than `youngerThanMs`, or none at all when that is null, one process at a
   * time; resolves with the keys in use, oldest first.
   */
  add(key: StoredSigningKey, youngerThanMs: number | null): Promise<readonly AgedSigningKey[]>;
  /** Retires every key that a younger one has been in use beside for `besideMs`; resolves with the keys in use, oldest first. */
  retire(besideMs: number): Promise<readonly AgedSigningKey[]>;
}
