import type { NodeId, TaskId } from '../../../kernel/ids.ts';
import { resumeTasks } from './take-over-tasks.ts';
import type { TakeOverPorts } from './take-over-tasks.ts';

/**
 * Finds tasks that this node holds a lease on while no run works on them: the answer of a claim was lost, or a resumption failed. A task is an
 * orphan when two checks in a row find it so; a task on its way to its run is found once at most.
 */
export class OrphanWatch {
  readonly #ports: TakeOverPorts;
  #suspects: ReadonlySet<TaskId> = new Set();

  constructor(ports: TakeOverPorts) {
    this.#ports = ports;
  }

  /** One check; resolves with the number of orphans that were resumed. */
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
