/**
 * A key that wraps data keys and never leaves its keeper: the environment and a file today, a key management service tomorrow. Everything
 * is asynchronous because such a service is asked over the network.
 */
export interface KeyEncryptionKey {
  /** Names the key without revealing it; stored with everything that it wraps. At most 256 characters, the same in every process. */
  readonly kekId: string;
  /** Wraps a data key of 32 bytes. Opens only with the same context. */
  wrap(dataKey: Uint8Array, context: string): Promise<Uint8Array>;
  /** The data key again. Rejects when the context is another or the bytes were changed. */
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}

/** The key-encryption keys that this process can use. */
export interface KeyEncryptionKeys {
  /** The one that new data keys are to be wrapped with, once a rotation has made it current. */
  newest(): Promise<KeyEncryptionKey>;
  /** The key of this name; null when this process does not have it. */
  find(kekId: string): Promise<KeyEncryptionKey | null>;
}
