import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { Suspension, SuspensionTarget } from './suspension.ts';

/**
 * Durable stops. Promises of an implementation: a change and its audit entry are one transaction; a target is stopped once at most; every
 * process hears of a change within `limits.tokenCacheMs`; every method rejects with `platform.unavailable` when the database is away.
 */
export interface SuspensionStore {
  /** The stop, or the one in force already; then nothing is written. */
  set(tenantId: TenantId, suspension: Omit<Suspension, 'suspendedAt'>, entry: NewAuditEntry): Promise<Suspension>;
  /** False when the target is not stopped; then no entry is written. */
  lift(tenantId: TenantId, target: SuspensionTarget, entry: NewAuditEntry): Promise<boolean>;
  /** Stops in force in the order of kind and name, after a target (null: from the first), as many as `limit`. */
  list(
    tenantId: TenantId,
    wanted: { readonly after: SuspensionTarget | null; readonly limit: number },
  ): Promise<readonly Suspension[]>;
}
