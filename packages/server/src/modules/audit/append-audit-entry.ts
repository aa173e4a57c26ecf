import type { Caller } from '../../kernel/caller.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from './audit-entry.ts';
import type { AuditedAct } from './audit-entry.ts';
import type { AuditLog } from './audit-log.ts';

/** Appends an entry that no other write carries. Resolves after its commit. */
export function appendAuditEntry(deps: { readonly audit: AuditLog; readonly ids: IdSource }) {
  return (caller: Caller, act: AuditedAct): Promise<void> => deps.audit.append(auditEntryBy(caller, deps.ids, act));
}
