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

/** The request that a proof must match. */
export interface ProvedRequest {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
  /** SHA-256 of the access token, base64url (RFC 9449 section 4.2, `ath`). */
  readonly tokenDigest: string;
}

/** Verifies DPoP proofs (RFC 9449 section 4.3), except their time, their nonce and their single use. */
export interface ProofVerifier {
  /** Null for every text that is no valid proof of this request. Never rejects. */
  verify(proof: string, request: ProvedRequest): Promise<Proof | null>;
}
