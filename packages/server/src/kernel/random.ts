/** The source of randomness: cryptographic in production, seeded in tests. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
}
