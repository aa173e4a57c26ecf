import type { Standing } from '../../kernel/caller.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** Something that ends before its time. */
export interface Revocation {
  readonly tenantId: TenantId;
  /** Id of a token or of a grant. */
  readonly subject: string;
  /** How long it has to be remembered: nothing that it ends lives longer. Seconds. */
  readonly keepSeconds: number;
}

/**
 * What was revoked, shared by every process. Promises of an implementation: a revocation is answered after its commit, together with
 * its audit entry; doing it again changes nothing and writes no entry; it is known for `keepSeconds`; every method rejects with
 * `platform.unavailable` when the database is away.
 */
export interface RevocationStore {
  /** False when it was revoked already. */
  revoke(revocation: Revocation, entry: NewAuditEntry): Promise<boolean>;
  /**
   * The positions, in the given list, of what does not stand any more: something of it was revoked, or a party is unknown, revoked,
   * disabled or stopped, or its tenant is stopped, or whose roles it was judged by has lost one since. At most `limits.standingsPerLookMax` at once.
   */
  findFallen(standings: readonly Standing[]): Promise<readonly number[]>;
}
