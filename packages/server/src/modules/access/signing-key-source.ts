/** The public half of an ES256 key (RFC 7517, RFC 7518 section 6.2.1). */
export interface PublicHalf {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  /** Coordinates of 32 bytes in base64url. */
  readonly x: string;
  readonly y: string;
}

/** What makes ES256 signatures (RFC 7518 section 3.4) with one private key, wherever that key is. It is never shown. */
export interface PrivateHalf {
  readonly publicHalf: PublicHalf;
  /** The signature of some bytes: r‖s, 64 bytes. Rejects with `platform.unavailable` when whatever holds the key can not be asked. */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
  /** The signature of ASCII text in base64url, at once; absent where the private key is not in this process. */
  readonly signAtOnce?: (text: string) => string;
}

/**
 * Where signing keys are kept when it is not the database: a file, the environment, a service that signs and shows no key. The database only
 * says which of them are published and since when, so that every process signs with the same one.
 */
export interface SigningKeySource {
  /** Where they are, for whoever runs the platform: the name of a variable or of a service. */
  readonly name: string;
  /** The keys that are there now, the newest first, at least one. Rejects with an error that says what is wrong and shows no key material. */
  read(): Promise<readonly PrivateHalf[]>;
}
