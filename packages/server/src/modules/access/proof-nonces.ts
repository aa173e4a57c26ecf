/** Nonces for DPoP proofs (RFC 9449 section 9), the same in every process of the platform. They are computed, never kept. */
export interface ProofNonces {
  /** The one to be used from now on. */
  current(): string;
  /** Whether it was the current one less than `limits.proofNonceMs` ago. */
  accepts(nonce: string): boolean;
}
