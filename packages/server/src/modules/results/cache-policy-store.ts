import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { StoredCachePolicy, ResultSubject, CachePolicy, ConfiguredCachePolicy } from './cache-policy.ts';

/** The outcome of setting a policy. `unknown`: the tenant has no such agent. `full`: it has `limits.cachePoliciesPerTenantMax` already. */
export type CachePolicyOutcome = 'set' | 'unknown' | 'full';

/**
 * Stores cache policies. Promises of an implementation: a change and its audit entry are one transaction; other processes are notified
 * of a change, and a notification may be lost. Methods reject with `platform.unavailable`.
 */
export interface CachePolicyStore {
  /** All policies and purge counts of a tenant: at most `limits.cachePoliciesPerTenantMax` rows. */
  read(tenantId: TenantId): Promise<readonly StoredCachePolicy[]>;
  /** A page of the configured policies, in the order of agent and skill. The cursor is `agent skill`. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<ConfiguredCachePolicy>>;
  /** Replaces the policy of a subject. */
  set(
    tenantId: TenantId,
    change: { readonly subject: ResultSubject; readonly policy: CachePolicy },
    entry: NewAuditEntry,
  ): Promise<CachePolicyOutcome>;
  /** False when nothing was set. */
  unset(tenantId: TenantId, subject: ResultSubject, entry: NewAuditEntry): Promise<boolean>;
  /** Makes every result of the subject unfindable, including results that are being fetched now. */
  purge(tenantId: TenantId, subject: ResultSubject, entry: NewAuditEntry): Promise<CachePolicyOutcome>;
}
