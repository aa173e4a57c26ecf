/** A proof whose signature and form are right, and which was made for one request with one token. */
export interface Proof {
  /** RFC 7638 thumbprint of the key that signed it. */
  readonly jkt: string;
  /** Its `jti`, 1 to `limits.proofIdCharsMax` characters. */
  readonly id: string;
  /** Its `nonce`; null for none. */
  readonly nonce: string | null;
  /** Its `iat`, in milliseconds since the epoch. */
  readonly issuedAtMs: number;
}

/** What a proof must have been made for. */
export interface ProvedRequest {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
  /** SHA-256 of the access token, base64url (RFC 9449 section 4.2, `ath`). */
  readonly tokenDigest: string;
}

/** Judges DPoP proofs (RFC 9449 section 4.3), all but their time, their nonce and whether they were used before. */
export interface ProofVerifier {
  /** Null for whatever is not a proof of this request, whatever is wrong with it. Never rejects. */
  verify(proof: string, request: ProvedRequest): Promise<Proof | null>;
}
