/**
 * Remembers proofs that may be used once. Promises of an implementation: over all processes of the platform exactly one call is the
 * first; a spent proof stays spent, also after a crash of the database; `platform.unavailable` when that cannot be known, and
 * `platform.overloaded` above `limits.spentProofsWaitingMax`.
 */
export interface SpentProofStore {
  /** Whether this is the first use of the proof with this SHA-256 digest. It is remembered for `keptMs` at least. */
  spend(digest: Uint8Array, keptMs: number): Promise<boolean>;
}
