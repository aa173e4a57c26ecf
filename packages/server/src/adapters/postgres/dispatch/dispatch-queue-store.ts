import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ClaimedTask, DispatchQueueStore, QueueState } from '../../../modules/tasks/index.ts';
import { lockSlots } from '../lock-slots.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { claimQueued } from './claim-queued.ts';
import type { ClaimedRow } from './claim-queued.ts';
import { findOverdue } from './find-overdue.ts';
import { findQueues } from './find-queues.ts';
import type { QueueColumns } from './find-queues.ts';
import { findMiscounted, lockMiscounted, recountSlots } from './recount-slots.ts';

/** `workers` sees the queues of every tenant; what is claimed is claimed as the one tenant, by `writers`, whose plans are fixed. */
export function createDispatchQueueStore(workers: DatabasePool, writers: DatabasePool): DispatchQueueStore {
  const platformWide = { tenantIds: [] };
  return {
    async findQueues(limit) {
      const [{ rows }] = await whenAvailable(inTransaction(workers, platformWide, [findQueues(limit)]));
      return rows.map(queueOf);
    },
    async claim(tenantId, nodeId, claim) {
      const places = claim.queues.flatMap(({ agentId, instances }) => [
        { tenantId, agentId, instanceId: null },
        ...instances.map(({ instanceId }) => ({ tenantId, agentId, instanceId })),
      ]);
      const statements = [lockSlots(places), claimQueued(tenantId, nodeId, claim)] as const;
      const [, { rows }] = await whenAvailable(inTransaction(writers, { tenantIds: [uuidOf(tenantId)] }, statements));
      return rows.map((row) => claimedOf(tenantId, row));
    },
    async findOverdue(limit, after) {
      const [{ rows }] = await whenAvailable(inTransaction(workers, platformWide, [findOverdue(limit, after)]));
      return rows.map(({ tenant_id, task_id, attempt, since }) => ({
        tenantId: idOf('tnt', tenant_id),
        taskId: idOf('tsk', task_id),
        attempt,
        since,
      }));
    },
    async recount() {
      const found = findMiscounted(limits.housekeepingRowsMax);
      const [{ rows: keys }] = await inTransaction(workers, platformWide, [found]);
      if (keys.length === 0) return 0;
      const [, { rows }] = await inTransaction(workers, platformWide, [lockMiscounted(keys), recountSlots(keys)]);
      return rows.length;
    },
  };
}

function queueOf({ tenant_id, agent_id, queued, queued_at, found_at, free }: QueueColumns): QueueState {
  return {
    tenantId: idOf('tnt', tenant_id),
    agentId: idOf('agt', agent_id),
    // An agent without slots has a queue only while something is tried again.
    queued: queued ?? 1,
    nextSinceMs: queued_at.getTime(),
    foundAtMs: found_at.getTime(),
    free,
  };
}

function claimedOf(tenantId: TenantId, { task_id, agent_id, attempt, takeovers }: ClaimedRow): ClaimedTask {
  return { tenantId, taskId: idOf('tsk', task_id), agentId: idOf('agt', agent_id), attempt, takeovers };
}
