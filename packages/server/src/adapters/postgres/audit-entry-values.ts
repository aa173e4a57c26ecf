import { uuidOf } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../../modules/audit/index.ts';

/** The values of an audit entry for a statement, in the order `entry_id, actor_id, action, outcome, resource, request_id, facts`. */
export function auditEntryValues(entry: NewAuditEntry): readonly unknown[] {
  const { entryId, actorId, action, outcome, resource, requestId, facts } = entry;
  return [uuidOf(entryId), actorId, action, outcome, resource, requestId, JSON.stringify(facts)];
}
