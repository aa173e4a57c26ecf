import { idOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NodeStore, PlacedTask, WaitingTask } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { burySilentNodes } from './bury-silent-nodes.ts';
import { claimAccessChecks } from './claim-access-checks.ts';
import { claimTasksOfTheDead } from './claim-tasks-of-the-dead.ts';
import { takenTaskOf } from './claimed-task.ts';
import { countOtherNodes } from './count-other-nodes.ts';
import { findCancelRequests } from './find-cancel-requests.ts';
import { findOwnTasks } from './find-own-tasks.ts';
import { findWaitingTasks } from './find-waiting-tasks.ts';
import type { PlacedTaskColumns, WaitingTaskColumns } from './find-waiting-tasks.ts';
import { reclaimTasks } from './reclaim-tasks.ts';
import { registerNode } from './register-node.ts';
import { renewNode } from './renew-node.ts';
import { retireNode } from './retire-node.ts';

/**
 * Liveness in PostgreSQL, over pools of the worker role. Nothing but renewals goes over `heartbeats`, so that no sweep, however slow,
 * delays one until the node counts as silent.
 */
export function createNodeStore(heartbeats: DatabasePool, workers: DatabasePool): NodeStore {
  const platformWide = { tenantIds: [] };
  return {
    async register(nodeId, hostName) {
      await inTransaction(heartbeats, platformWide, [registerNode(nodeId, hostName)]);
    },
    async heartbeat(nodeId) {
      const [{ rows }] = await inTransaction(heartbeats, platformWide, [renewNode(nodeId)]);
      return rows.length === 1;
    },
    async takeOver(nodeId, deadAfterMs, limit) {
      const statements = [burySilentNodes(deadAfterMs), claimTasksOfTheDead(nodeId, limit)] as const;
      const [, { rows }] = await inTransaction(workers, platformWide, statements);
      return rows.map(takenTaskOf);
    },
    async findOwnTasks(nodeId) {
      const [{ rows }] = await inTransaction(workers, platformWide, [findOwnTasks(nodeId)]);
      return rows.map(({ task_id }) => idOf('tsk', task_id));
    },
    async findWaitingTasks(waitedMs, limit, after) {
      const [{ rows }] = await inTransaction(workers, platformWide, [findWaitingTasks(waitedMs, limit, after)]);
      return rows.map(placedTaskOf);
    },
    async claimAccessChecks(limit) {
      const pauseMs = { min: limits.accessCheckMsMin, max: limits.accessCheckMsMax };
      const [{ rows }] = await inTransaction(workers, platformWide, [claimAccessChecks(pauseMs, limit)]);
      return rows.map(waitingTaskOf);
    },
    async reclaim(nodeId, taskIds) {
      const [{ rows }] = await inTransaction(workers, platformWide, [reclaimTasks(nodeId, taskIds)]);
      return rows.map(takenTaskOf);
    },
    async retire(nodeId) {
      await inTransaction(heartbeats, platformWide, [retireNode(nodeId)]);
    },
    async countOthers(nodeId) {
      const [{ rows }] = await inTransaction(workers, platformWide, [countOtherNodes(nodeId)]);
      return rows[0]?.others ?? 0;
    },
    async findCancelRequests(nodeId) {
      const [{ rows }] = await inTransaction(workers, platformWide, [findCancelRequests(nodeId)]);
      return rows.map(({ task_id }) => idOf('tsk', task_id));
    },
  };
}

/** A task that waits, and the place that a look goes on from. */
function placedTaskOf(row: PlacedTaskColumns): PlacedTask {
  return { ...waitingTaskOf(row), since: row.since };
}

function waitingTaskOf({ tenant_id, task_id, attempt }: WaitingTaskColumns): WaitingTask {
  return { tenantId: idOf('tnt', tenant_id), taskId: idOf('tsk', task_id), attempt };
}
