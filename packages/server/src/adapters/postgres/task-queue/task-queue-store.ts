import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { ClaimedTask, TaskQueueStore, QueueState, WaitingPlace } from '../../../modules/tasks/index.ts';
import { lockSlots } from '../lock-slots.ts';
import { placeValues } from '../nodes/find-waiting-tasks.ts';
import type { PlacedTaskColumns } from '../nodes/find-waiting-tasks.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { claimQueued } from './claim-queued.ts';
import type { ClaimedRow } from './claim-queued.ts';
import { findMiscounted, lockMiscounted, recountSlots } from './recount-slots.ts';

/** `workers` sees the queues of every tenant; what is claimed is claimed as the one tenant, by `writers`, whose plans are fixed. */
export function createTaskQueueStore(workers: DatabasePool, writers: DatabasePool): TaskQueueStore {
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
    // An agent without a concurrency limit has a queue only while a task is retried.
    queued: queued ?? 1,
    nextSinceMs: queued_at.getTime(),
    foundAtMs: found_at.getTime(),
    free,
  };
}

function claimedOf(tenantId: TenantId, { task_id, agent_id, attempt, takeovers }: ClaimedRow): ClaimedTask {
  return { tenantId, taskId: idOf('tsk', task_id), agentId: idOf('agt', agent_id), attempt, takeovers };
}

/** Queued tasks of every tenant whose deadline has passed, by the database's clock, longest first, from a place on. */
function findOverdue(limit: number, after: WaitingPlace | null): Statement<PlacedTaskColumns> {
  return {
    name: 'find-overdue',
    text: `
      select tenant_id, task_id, attempt, deadline_at::text as since from colloquy.tasks
      where queue_rank is not null and deadline_at <= colloquy.now_utc() and (deadline_at, task_id) > ($2::timestamptz, $3::uuid)
      order by deadline_at, task_id limit $1`,
    values: [limit, ...placeValues(after)],
  };
}

interface QueueColumns {
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly queued: number | null;
  readonly queued_at: Date;
  readonly found_at: Date;
  readonly free: number | null;
}

/** The head of every queue, of every tenant: from one head to the next by the index, however long the queues are. */
function findQueues(limit: number): Statement<QueueColumns> {
  return {
    name: 'find-queues',
    text: `
      with recursive head as (
        (
          select t.tenant_id, t.agent_id, t.queued_at from colloquy.tasks t
          where t.queue_rank is not null order by t.tenant_id, t.agent_id, t.queue_rank limit 1
        )
        union all
        select n.tenant_id, n.agent_id, n.queued_at from head h
        cross join lateral (
          select t.tenant_id, t.agent_id, t.queued_at from colloquy.tasks t
          where t.queue_rank is not null and (t.tenant_id, t.agent_id) > (h.tenant_id, h.agent_id)
          order by t.tenant_id, t.agent_id, t.queue_rank limit 1
        ) n
      )
      select h.tenant_id, h.agent_id, h.queued_at, colloquy.now_utc() as found_at, s.queued,
        -- Null, not 0, for an agent that works on any number of tasks.
        case when s.slots_max is not null then greatest(s.slots_max - s.in_use, 0) end as free
      from (select * from head limit $1) h
      left join colloquy.slots s on s.tenant_id = h.tenant_id and s.key_id = h.agent_id`,
    values: [limit],
  };
}
