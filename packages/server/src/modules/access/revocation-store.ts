import type { CallerStatus } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** A token or a grant that ends before its time. */
export interface Revocation {
  readonly tenantId: TenantId;
  /** Id of a token or of a grant. */
  readonly subject: string;
  /** Seconds for which the revocation must be remembered: the longest life of anything that it ends. */
  readonly keepSeconds: number;
}

/**
 * Revocations, shared by every process. Promises of an implementation: `revoke` resolves after the revocation and its audit entry are
 * committed; revoking again changes nothing and writes no entry; a revocation is known for `keepSeconds`; every method rejects with
 * `platform.unavailable` when the database cannot be reached.
 */
export interface RevocationStore {
  /** False when the subject was revoked before. */
  revoke(revocation: Revocation, entry: NewAuditEntry): Promise<boolean>;
  /**
   * The positions, in the given list, of statuses that are no longer valid: the token or grant was revoked; a party is unknown, revoked,
   * disabled or suspended; the tenant is suspended; or a principal whose roles decided the rights has lost a role since. The list holds at
   * most `limits.callerStatusesPerCheckMax`.
   */
  findRevoked(statuses: readonly CallerStatus[]): Promise<readonly number[]>;
}
