import type { Caller } from '../../kernel/caller.ts';
import type { EntryId, IdSource, TenantId } from '../../kernel/ids.ts';
import { auditEntryBy } from './audit-entry.ts';
import type { AuditedAct, AuditEntry, NewAuditEntry } from './audit-entry.ts';

/** Which entries of a tenant are wanted. */
export interface AuditQuery {
  /** Entries after this one; null for the oldest. */
  readonly after: EntryId | null;
  /** Only entries about this resource; null for all. */
  readonly resource: string | null;
  /** At most so many, at least 1. */
  readonly limit: number;
}

/**
 * The append-only log. Promises of an implementation: an entry is answered only after its commit; entries of a tenant come in the
 * order of their ids, which is the order of creation; no method shows another tenant's entry; nothing can be changed or removed.
 */
export interface AuditLog {
  /** Appends one entry by itself: a refusal, which changes nothing else. */
  append(entry: NewAuditEntry): Promise<void>;
  list(tenantId: TenantId, query: AuditQuery): Promise<readonly AuditEntry[]>;
}

/** Appends an entry that no other write carries. Resolves after its commit. */
export function appendAuditEntry(deps: { readonly audit: AuditLog; readonly ids: IdSource }) {
  return (caller: Caller, act: AuditedAct): Promise<void> => deps.audit.append(auditEntryBy(caller, deps.ids, act));
}
