import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TaskInspector } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findInspectedTask } from './find-inspected-task.ts';

/** Tasks as the administrators of their tenant may see them, over a pool of the application's role. */
export function createTaskInspector(pool: DatabasePool): TaskInspector {
  return {
    async inspect(tenantId, taskId, range) {
      const statement = findInspectedTask(tenantId, taskId, range);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      if (row === undefined) return null;
      return {
        taskId,
        contextId: row.context_id,
        agentId: idOf('agt', row.agent_id),
        agentName: row.agent_name,
        ownerId: row.owner_id,
        state: row.state,
        attempt: row.attempt,
        decision: row.decision,
        reservedMicrocredits: row.reserved_microcredits,
        errorCode: row.error_code,
        chain: row.chain,
        createdAt: row.created_at,
        statusAt: row.status_at,
        lastSeq: row.last_seq,
        events: row.events.map(({ seq, kind, at }) => ({ seq, kind, occurredAt: new Date(at) })),
      };
    },
  };
}
