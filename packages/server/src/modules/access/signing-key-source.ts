/** The public half of an ES256 key (RFC 7517, RFC 7518 section 6.2.1). */
export interface PublicHalf {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  /** Coordinates of 32 bytes in base64url. */
  readonly x: string;
  readonly y: string;
}

/** Signs with one ES256 private key (RFC 7518 section 3.4), wherever the key is. The key is never shown. */
export interface PrivateHalf {
  readonly publicHalf: PublicHalf;
  /** The signature of some bytes: r‖s, 64 bytes. Rejects with `platform.unavailable` when the holder of the key cannot be reached. */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
  /** The signature of ASCII text in base64url, at once; absent where the private key is not in this process. */
  readonly signAtOnce?: (text: string) => string;
}

/**
 * A source of signing keys outside of the database: a file, the environment, or a service that signs and shows no key. The database only
 * records which of them are published and since when, so that every process signs with the same one.
 */
export interface SigningKeySource {
  /** The name of the source for the operator: a variable or a service. */
  readonly name: string;
  /** The present keys, the newest first, at least one. Rejects with an error that names the reason and shows no key material. */
  read(): Promise<readonly PrivateHalf[]>;
}
