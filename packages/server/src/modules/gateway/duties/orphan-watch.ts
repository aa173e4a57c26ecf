import type { NodeId, TaskId } from '../../../kernel/ids.ts';
import { resumeTasks } from './take-over-tasks.ts';
import type { TakeOverPorts } from './take-over-tasks.ts';

/**
 * Finds tasks that this node holds a lease on and nobody works on: a claim whose answer was lost, a resumption that failed. A task
 * is an orphan when two looks in a row find it so; what is only on its way to its run is found once at most.
 */
export class OrphanWatch {
  readonly #ports: TakeOverPorts;
  #suspects: ReadonlySet<TaskId> = new Set();

  constructor(ports: TakeOverPorts) {
    this.#ports = ports;
  }

  /** One look; resolves with how many orphans were taken up. */
  async check(nodeId: NodeId): Promise<number> {
    const { nodes, runs } = this.#ports;
    const idle = (await nodes.findOwnTasks(nodeId)).filter((taskId) => !runs.has(taskId));
    const orphans = idle.filter((taskId) => this.#suspects.has(taskId));
    this.#suspects = new Set(idle.filter((taskId) => !orphans.includes(taskId)));
    if (orphans.length === 0) return 0;
    const reclaimed = await nodes.reclaim(nodeId, orphans);
    await resumeTasks(this.#ports, nodeId, reclaimed);
    return reclaimed.length;
  }
}
