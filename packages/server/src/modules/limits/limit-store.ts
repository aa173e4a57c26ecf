import type { TenantId } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { LimitSubject, LimitSettings, SetLimit } from './rate-limit.ts';

/** The outcome of setting a limit. `unknown`: the tenant has no such client or agent; `full`: it has the maximum of limits. */
export type SetOutcome = 'set' | 'unknown' | 'full';

/**
 * The limits that were set. Promises of an implementation: a change and its audit entry are one transaction; every process is notified of
 * a change, but a notification may be lost. Rejects with `platform.unavailable`.
 */
export interface LimitStore {
  /** Every limit of a tenant: at most `limits.limitsPerTenantMax` and its own. */
  read(tenantId: TenantId): Promise<readonly SetLimit[]>;
  /** A page of them in the order of their subjects: kind, then id. The cursor is `kind id`. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<SetLimit>>;
  /** Replaces what was set for a subject. */
  set(
    tenantId: TenantId,
    limit: { subject: LimitSubject; settings: LimitSettings },
    entry: NewAuditEntry,
  ): Promise<SetOutcome>;
  /** False when nothing was set. */
  unset(tenantId: TenantId, subject: LimitSubject, entry: NewAuditEntry): Promise<boolean>;
}
