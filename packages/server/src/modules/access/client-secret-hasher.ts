/** Makes the stored form of client secrets, the same in every process. */
export interface ClientSecretHasher {
  /** HMAC-SHA-256 (RFC 2104) of a secret under a pepper that is not in the database: 32 bytes. */
  hash(secret: string): Uint8Array;
}
