import { createTaskQueueStore } from '../../adapters/postgres/task-queue/task-queue-store.ts';
import type { InstanceId, NodeId, TaskId } from '../../kernel/ids.ts';
import { beginClaimed, TaskQueue } from '../../modules/gateway/index.ts';
import type { TakeOverPorts } from '../../modules/gateway/index.ts';
import { seedOf } from '../../modules/routing/index.ts';
import type { InstanceChooser, Route } from '../../modules/routing/index.ts';
import type { ClaimedQueue, TaskQueueStore } from '../../modules/tasks/index.ts';
import type { NodeFoundation } from '../foundation.ts';
import { causesOf } from '../log.ts';

export interface QueueParts {
  readonly takeOver: TakeOverPorts;
  readonly chooser: InstanceChooser;
  readonly nodeId: () => NodeId | null;
}

/** Claims tasks from the queues of agents. */
export function createQueues(
  { config, database, log }: NodeFoundation,
  { takeOver, chooser, nodeId }: QueueParts,
): {
  readonly queues: TaskQueueStore;
  readonly queue: TaskQueue;
} {
  const queues = createTaskQueueStore(database.workers, database.writers);
  const queue = new TaskQueue({
    ...takeOver,
    queues,
    nodeId,
    hasRoom: (tenantId) => takeOver.runs.hasRoom(tenantId),
    runsMax: config.queuedRunsMax,
    begin: (held, taken, route) => beginClaimed(takeOver, held, taken, route),
    placesOf: (route) => placesOf(route, { chooser, taskId: takeOver.ids.next('tsk') }),
    report: (error) => log.warn({ causes: causesOf(error) }, 'tasks could not be claimed from their queues'),
  });
  return { queues, queue };
}

/**
 * The instances of an agent in the order in which a claim fills them: first the one that a send would go to now, then the others that
 * accept new tasks. None accepts any while no send would be admitted.
 */
function placesOf(
  route: Route,
  { chooser, taskId }: { readonly chooser: InstanceChooser; readonly taskId: TaskId },
): ClaimedQueue['instances'] {
  const first = firstOf(route, { chooser, taskId });
  const places = route.instances.map(({ instanceId, admission, weight }) => ({
    instanceId,
    isOpen: first !== null && admission === 'active' && weight > 0,
  }));
  return places.toSorted((one, other) => Number(other.instanceId === first) - Number(one.instanceId === first));
}

function firstOf(
  route: Route,
  { chooser, taskId }: { readonly chooser: InstanceChooser; readonly taskId: TaskId },
): InstanceId | null {
  try {
    const preference = { taskId, skillId: null, seed: seedOf(taskId), stickyTo: null };
    return chooser.decide(route, preference).instance.instanceId;
  } catch {
    // No instance accepts new tasks, or every breaker is open: queued tasks keep waiting.
    return null;
  }
}
