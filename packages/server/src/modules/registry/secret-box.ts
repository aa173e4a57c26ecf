/** Encrypts what must be kept and can not be hashed. */
export interface SecretBox {
  /** The sealed form of a secret; opens only with the same context, so it can not be moved to another row. */
  seal(secret: Uint8Array, context: string): Uint8Array;
  /** The secret again. Throws when the box or the context is another, or when the bytes were changed. */
  open(sealed: Uint8Array, context: string): Uint8Array;
}
