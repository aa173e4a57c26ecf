import { idOf } from '../../../kernel/ids.ts';
import type { NodeStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { burySilentNodes } from './bury-silent-nodes.ts';
import { claimTasksOfTheDead } from './claim-tasks-of-the-dead.ts';
import { takenTaskOf } from './claimed-task.ts';
import { countOtherNodes } from './count-other-nodes.ts';
import { findCancelRequests } from './find-cancel-requests.ts';
import { findOwnTasks } from './find-own-tasks.ts';
import { findWaitingTasks } from './find-waiting-tasks.ts';
import { reclaimTasks } from './reclaim-tasks.ts';
import { registerNode } from './register-node.ts';
import { renewNode } from './renew-node.ts';
import { retireNode } from './retire-node.ts';

/** Liveness in PostgreSQL, over a small pool of the worker role that nothing else uses, so that load cannot delay a heartbeat. */
export function createNodeStore(pool: DatabasePool): NodeStore {
  const platformWide = { tenantIds: [] };
  return {
    async register(nodeId, hostName) {
      await inTransaction(pool, platformWide, [registerNode(nodeId, hostName)]);
    },
    async heartbeat(nodeId) {
      const [{ rows }] = await inTransaction(pool, platformWide, [renewNode(nodeId)]);
      return rows.length === 1;
    },
    async takeOver(nodeId, deadAfterMs, limit) {
      const statements = [burySilentNodes(deadAfterMs), claimTasksOfTheDead(nodeId, limit)] as const;
      const [, { rows }] = await inTransaction(pool, platformWide, statements);
      return rows.map(takenTaskOf);
    },
    async findOwnTasks(nodeId) {
      const [{ rows }] = await inTransaction(pool, platformWide, [findOwnTasks(nodeId)]);
      return rows.map(({ task_id }) => idOf('tsk', task_id));
    },
    async findWaitingTasks(waitedMs, limit) {
      const [{ rows }] = await inTransaction(pool, platformWide, [findWaitingTasks(waitedMs, limit)]);
      return rows.map(({ tenant_id, task_id, attempt }) => ({
        tenantId: idOf('tnt', tenant_id),
        taskId: idOf('tsk', task_id),
        attempt,
      }));
    },
    async reclaim(nodeId, taskIds) {
      const [{ rows }] = await inTransaction(pool, platformWide, [reclaimTasks(nodeId, taskIds)]);
      return rows.map(takenTaskOf);
    },
    async retire(nodeId) {
      await inTransaction(pool, platformWide, [retireNode(nodeId)]);
    },
    async countOthers(nodeId) {
      const [{ rows }] = await inTransaction(pool, platformWide, [countOtherNodes(nodeId)]);
      return rows[0]?.others ?? 0;
    },
    async findCancelRequests(nodeId) {
      const [{ rows }] = await inTransaction(pool, platformWide, [findCancelRequests(nodeId)]);
      return rows.map(({ task_id }) => idOf('tsk', task_id));
    },
  };
}
