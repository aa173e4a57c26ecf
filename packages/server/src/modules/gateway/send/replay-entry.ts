import type { IdSource, TaskId } from '../../../kernel/ids.ts';
import { auditEntryBy } from '../../audit/index.ts';
import type { NewAuditEntry } from '../../audit/index.ts';
import type { ReplayedTask } from './send.ts';

/** What the audit says of a replay, in the transaction that records it. */
export function replayEntry(ids: IdSource, { taskId, by }: ReplayedTask, replayedAs: TaskId): NewAuditEntry {
  return auditEntryBy(by, ids, {
    action: 'task.replayed',
    outcome: 'succeeded',
    resource: taskId,
    facts: { replayedAs },
  });
}
