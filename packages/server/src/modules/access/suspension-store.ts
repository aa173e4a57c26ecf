import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { Suspension, SuspensionTarget } from './suspension.ts';

/**
 * Durable suspensions. Promises of an implementation: a change and its audit entry are one transaction; a target has one suspension at most; every
 * process applies a change within `limits.tokenCacheMs`; every method rejects with `platform.unavailable` when the database is away.
 */
export interface SuspensionStore {
  /** The suspension, or the one in force already; then nothing is written. */
  set(tenantId: TenantId, suspension: Omit<Suspension, 'suspendedAt'>, entry: NewAuditEntry): Promise<Suspension>;
  /** False when the target is not suspended; then no entry is written. */
  lift(tenantId: TenantId, target: SuspensionTarget, entry: NewAuditEntry): Promise<boolean>;
  /** Suspensions in force in the order of kind and name, after a target (null: from the first), at most `limit`. */
  list(
    tenantId: TenantId,
    wanted: { readonly after: SuspensionTarget | null; readonly limit: number },
  ): Promise<readonly Suspension[]>;
}
