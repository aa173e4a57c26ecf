/** The key or certificate that the sender of a token must hold (RFC 7800 section 3.1). With both, it must hold both. */
export interface Confirmation {
  /** SHA-256 of a certificate's DER form, base64url (RFC 8705 section 3.1). */
  readonly x5tS256: string | null;
  /** RFC 7638 thumbprint of the key that signs its proofs (RFC 9449 section 6.1). */
  readonly jkt: string | null;
}
