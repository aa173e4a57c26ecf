/** Makes the stored form of client secrets. One and the same for every process of the platform. */
export interface ClientSecretHasher {
  /** HMAC-SHA-256 (RFC 2104) of a secret under a pepper that is not in the database: 32 bytes. */
  hash(secret: string): Uint8Array;
}
