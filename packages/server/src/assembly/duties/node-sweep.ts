import type { Housekeeper } from '../../adapters/postgres/housekeeping/housekeeper.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { expireTasks, OrphanWatch, takeOverTasks } from '../../modules/gateway/index.ts';
import type { AccessWatch, TakeOverPorts } from '../../modules/gateway/index.ts';
import type { TaskQueueStore } from '../../modules/tasks/index.ts';
import type { Foundation } from '../foundation.ts';
import { causesOf } from '../log.ts';

export interface NodeSweepParts {
  readonly takeOver: TakeOverPorts;
  readonly access: AccessWatch;
  /** Gets the number of other nodes that are alive. */
  readonly onPeers: (others: number) => void;
  readonly housekeeper: Housekeeper;
  readonly queues: Pick<TaskQueueStore, 'recount'>;
}

type SweepFoundation = Pick<Foundation, 'config' | 'clock' | 'log'>;

/**
 * The tasks of other nodes and of no node, checked after each renewal of this node's lease. Every process counts its peers, cancels its
 * tasks that have a cancel request and resumes orphans. A worker also asks agents of tasks that wait for an authorization, takes over the
 * tasks of dead nodes and deletes expired rows.
 */
export class NodeSweep {
  readonly #foundation: SweepFoundation;
  readonly #parts: NodeSweepParts;
  readonly #orphans: OrphanWatch;
  #isSweeping = false;
  #keptHouseAtMs: number | null = null;
  #checkedOrphansAtMs: number | null = null;
  #isLeaving = false;

  constructor(foundation: SweepFoundation, parts: NodeSweepParts) {
    this.#foundation = foundation;
    this.#parts = parts;
    this.#orphans = new OrphanWatch(parts.takeOver);
  }

  /** The process is about to leave and takes on no more work. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Resolves when no agent is being asked any more, or after `waitMs`. */
  settled(waitMs: number): Promise<void> {
    return this.#parts.access.stop(waitMs);
  }

  /** Starts a sweep unless one is running. While the database is away, a later sweep does its work. */
  afterRenewal(nodeId: NodeId, databaseUpMs: number): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    void this.#sweep(nodeId, databaseUpMs)
      .catch(() => undefined)
      .finally(() => (this.#isSweeping = false));
  }

  async countPeers(nodeId: NodeId): Promise<void> {
    const { onPeers, takeOver } = this.#parts;
    onPeers(await takeOver.nodes.countOthers(nodeId));
  }

  /** Cancels the tasks of this node that have a cancel request. */
  async obeyCancels(nodeId: NodeId): Promise<void> {
    const { nodes, runs } = this.#parts.takeOver;
    if (runs.count === 0) return;
    for (const taskId of await nodes.findCancelRequests(nodeId)) runs.cancel(taskId);
  }

  async #sweep(nodeId: NodeId, databaseUpMs: number): Promise<void> {
    const { config, log } = this.#foundation;
    const { takeOver, access } = this.#parts;
    await this.countPeers(nodeId);
    await this.obeyCancels(nodeId);
    if (this.#isLeaving) return;
    await this.#resumeOrphans(nodeId);
    if (!config.roles.has('worker')) return;
    await access.check(nodeId);
    if (databaseUpMs < config.lease.graceMs) return;
    const taken = await takeOverTasks(takeOver, nodeId);
    if (taken > 0) log.info({ tasks: taken }, 'tasks of dead nodes were taken over');
    await this.#keepHouse();
  }

  async #resumeOrphans(nodeId: NodeId): Promise<void> {
    const { clock, log } = this.#foundation;
    const nowMs = clock.monotonicMs();
    if (this.#checkedOrphansAtMs !== null && nowMs - this.#checkedOrphansAtMs < limits.orphanCheckMs) return;
    this.#checkedOrphansAtMs = nowMs;
    const taken = await this.#orphans.check(nodeId);
    if (taken > 0) log.warn({ tasks: taken }, 'tasks that no run worked on were resumed');
  }

  async #keepHouse(): Promise<void> {
    const { clock, config, log } = this.#foundation;
    const { housekeeper, queues, takeOver } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (this.#keptHouseAtMs !== null && nowMs - this.#keptHouseAtMs < limits.housekeepingMs) return;
    this.#keptHouseAtMs = nowMs;
    const expired = await expireTasks(takeOver, config.taskWaitMs);
    if (expired > 0) log.info({ tasks: expired }, 'tasks that waited too long for their callers were ended');
    const miscounted = await queues.recount();
    if (miscounted > 0) log.error({ rows: miscounted }, 'concurrency slots were counted wrong and have been recounted');
    try {
      const deleted = await housekeeper.sweep();
      if (deleted > 0) log.info({ rows: deleted }, 'expired rows were deleted');
    } catch (error) {
      log.warn({ causes: causesOf(error) }, 'some expired rows could not be deleted; the next sweep repeats it');
    }
  }
}
