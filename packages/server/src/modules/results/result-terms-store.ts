import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { KeptResultTerms, ResultSubject, ResultTerms, SetResultTerms } from './result-terms.ts';

/** What came of setting terms. `unknown`: the tenant has no such agent; `full`: it has as many terms as may be. */
export type SetTermsOutcome = 'set' | 'unknown' | 'full';

/**
 * The terms of results. Promises of an implementation: a change and its audit entry are one transaction; every process hears of a
 * change, and what it hears may be lost. Rejects with `platform.unavailable`.
 */
export interface ResultTermsStore {
  /** All that is kept for a tenant: at most `limits.resultTermsPerTenantMax` rows. */
  read(tenantId: TenantId): Promise<readonly KeptResultTerms[]>;
  /** A page of what was set, in the order of agent and skill. The cursor is `agent skill`. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<SetResultTerms>>;
  /** Replaces what was set for a subject. */
  set(
    tenantId: TenantId,
    change: { readonly subject: ResultSubject; readonly terms: ResultTerms },
    entry: NewAuditEntry,
  ): Promise<SetTermsOutcome>;
  /** False when nothing was set. */
  unset(tenantId: TenantId, subject: ResultSubject, entry: NewAuditEntry): Promise<boolean>;
  /** Makes every result of the subject unfindable, those that are being fetched included. */
  purge(tenantId: TenantId, subject: ResultSubject, entry: NewAuditEntry): Promise<SetTermsOutcome>;
}
