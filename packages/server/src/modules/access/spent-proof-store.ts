/**
 * Remembers what may be used once. Promises of an implementation: of all processes of the platform exactly one is told that it is the
 * first; what was spent stays so, also when the database crashes; `platform.unavailable` when it can not be told, and
 * `platform.overloaded` above `limits.spentProofsWaitingMax`.
 */
export interface SpentProofStore {
  /** Whether this is the first use of what has this SHA-256 digest. It is remembered for `keptMs` at least. */
  spend(digest: Uint8Array, keptMs: number): Promise<boolean>;
}
