import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import type { EventColumns } from './read-events.ts';

/** The newest event of each task that says its status. */
export function readLastStatuses(
  tenantId: TenantId,
  taskIds: readonly TaskId[],
): Statement<EventColumns & { readonly task_id: string }> {
  return {
    name: 'read-last-statuses',
    text: `
      select i.task_id, e.seq, e.kind, e.payload
      from unnest($2::uuid[]) as i (task_id)
      cross join lateral (
        select seq, kind, payload from colloquy.task_events
        where tenant_id = $1 and task_id = i.task_id and kind in ('task', 'status', 'reply') order by seq desc limit 1
      ) e`,
    values: [uuidOf(tenantId), taskIds.map(uuidOf)],
  };
}
