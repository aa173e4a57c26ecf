import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NodeStore, PlacedTask, WaitingTask } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { claimAccessChecks } from './claim-access-checks.ts';
import { claimTasksOfTheDead, reclaimTasks, takenTaskOf } from './claim-tasks-of-the-dead.ts';
import { findWaitingTasks } from './find-waiting-tasks.ts';
import type { PlacedTaskColumns, WaitingTaskColumns } from './find-waiting-tasks.ts';

/**
 * Liveness in PostgreSQL, over pools of the worker role. Only renewals use `heartbeats`, so that no slow sweep delays one until the node counts as
 * silent.
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

/** A waiting task, and its position, from which the next page continues. */
function placedTaskOf(row: PlacedTaskColumns): PlacedTask {
  return { ...waitingTaskOf(row), since: row.since };
}

function waitingTaskOf({ tenant_id, task_id, attempt }: WaitingTaskColumns): WaitingTask {
  return { tenantId: idOf('tnt', tenant_id), taskId: idOf('tsk', task_id), attempt };
}

/** Declares nodes dead whose last heartbeat is older than `deadAfterMs`, by the database's clock. */
function burySilentNodes(deadAfterMs: number): Statement {
  return {
    name: 'bury-silent-nodes',
    text: `
      update colloquy.nodes set dead_at = colloquy.now_utc()
      where dead_at is null and heartbeat_at < colloquy.now_utc() - $1 * interval '1 millisecond'`,
    values: [deadAfterMs],
  };
}

/** A new process of ours, alive from now on. */
function registerNode(nodeId: NodeId, hostName: string): Statement {
  return {
    name: 'register-node',
    text: `insert into colloquy.nodes (node_id, host_name) values ($1, $2) on conflict (node_id) do nothing`,
    values: [uuidOf(nodeId), hostName],
  };
}

/** A heartbeat; no row for a node that was declared dead. */
function renewNode(nodeId: NodeId): Statement<{ readonly node_id: string }> {
  return {
    name: 'renew-node',
    text: `
      update colloquy.nodes set heartbeat_at = colloquy.now_utc() where node_id = $1 and dead_at is null returning node_id`,
    values: [uuidOf(nodeId)],
  };
}

/** A node that leaves in good order is dead at once, so that its remaining tasks need not wait for its silence. */
function retireNode(nodeId: NodeId): Statement {
  return {
    name: 'retire-node',
    text: `update colloquy.nodes set dead_at = colloquy.now_utc(), retired = true where node_id = $1 and dead_at is null`,
    values: [uuidOf(nodeId)],
  };
}

/** How many other processes of ours are not dead. */
function countOtherNodes(nodeId: NodeId): Statement<{ readonly others: number }> {
  return {
    name: 'count-other-nodes',
    text: `select count(*)::int as others from colloquy.nodes where dead_at is null and node_id <> $1`,
    values: [uuidOf(nodeId)],
  };
}

/** The tasks that the database believes a node works on. */
function findOwnTasks(nodeId: NodeId): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-own-tasks',
    text: `select task_id from colloquy.tasks where node_id = $1`,
    values: [uuidOf(nodeId)],
  };
}

/** Tasks of a node that have a cancel request. */
export function findCancelRequests(nodeId: NodeId): Statement<{ readonly task_id: string }> {
  return {
    name: 'find-cancel-requests',
    text: `select task_id from colloquy.tasks where node_id = $1 and cancel_requested_at is not null`,
    values: [uuidOf(nodeId)],
  };
}
