import { createDispatchQueueStore } from '../../adapters/postgres/dispatch/dispatch-queue-store.ts';
import type { Config } from '../../config/config.ts';
import type { InstanceId, NodeId, TaskId } from '../../kernel/ids.ts';
import type { Random } from '../../kernel/random.ts';
import { beginClaimed, DispatchQueue } from '../../modules/gateway/index.ts';
import type { TakeOverPorts } from '../../modules/gateway/index.ts';
import { seedOf } from '../../modules/routing/index.ts';
import type { InstanceChooser, Route } from '../../modules/routing/index.ts';
import type { ClaimedQueue, DispatchQueueStore } from '../../modules/tasks/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';
import { causesOf } from '../log.ts';

export interface DispatchParts {
  readonly config: Config;
  readonly database: Database;
  readonly takeOver: TakeOverPorts;
  readonly chooser: InstanceChooser;
  readonly nodeId: () => NodeId | null;
  readonly log: Log;
}

const unclaimed = 'tasks could not be claimed from their queues';

/** The queues of agents as this process serves them. */
export function createDispatch({ config, database, takeOver, chooser, nodeId, log }: DispatchParts): {
  readonly queues: DispatchQueueStore;
  readonly queue: DispatchQueue;
} {
  const queues = createDispatchQueueStore(database.workers, database.writers);
  const queue = new DispatchQueue({
    ...takeOver,
    queues,
    nodeId,
    runsMax: config.queuedRunsMax,
    begin: (held, taken, route) => beginClaimed(takeOver, held, taken, route),
    placesOf: (route) => placesOf(route, { chooser, taskId: takeOver.ids.next('tsk') }),
    report: (error) => log.warn({ causes: causesOf(error) }, unclaimed),
  });
  return { queues, queue };
}

/**
 * The instances of an agent in the order in which a claim fills them: the one that a send of this moment would go to, then the others that
 * take new tasks. None takes any while no send would be let through.
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
    const wish = { taskId, skillId: null, seed: seedOf(taskId), stickyTo: null };
    return chooser.decide(route, wish).instance.instanceId;
  } catch {
    // No instance takes new tasks, or every breaker is open: what waits goes on waiting.
    return null;
  }
}

/** 0 to 1, at random. */
export function chanceOf(random: Random): number {
  const [first = 0, second = 0] = random.bytes(2);
  return (first * 256 + second) / 65_535;
}
