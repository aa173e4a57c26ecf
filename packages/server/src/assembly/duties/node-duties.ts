import type { Config } from '../../config/config.ts';
import type { Housekeeper } from '../../adapters/postgres/housekeeping/housekeeper.ts';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { expireTasks, OrphanWatch, takeOverTasks } from '../../modules/gateway/index.ts';
import type { AccessWatch, TakeOverPorts } from '../../modules/gateway/index.ts';
import type { DispatchQueueStore } from '../../modules/tasks/index.ts';
import type { Log } from '../../surfaces/http/index.ts';

export interface NodeDutiesOptions {
  readonly config: Config;
  readonly takeOver: TakeOverPorts;
  readonly access: AccessWatch;
  /** Told how many other nodes are alive. */
  readonly onPeers: (others: number) => void;
  readonly housekeeper: Housekeeper;
  readonly queues: Pick<DispatchQueueStore, 'recount'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a node does after each renewal of its lease: learn who else is there, obey cancels, ask agents that wait for access, take over what the dead left, keep house. */
export class NodeDuties {
  readonly #options: NodeDutiesOptions;
  #isSweeping = false;
  #keptHouseAtMs: number | null = null;
  readonly #orphans: OrphanWatch;
  #lookedAtMs: number | null = null;
  #isLeaving = false;

  constructor(options: NodeDutiesOptions) {
    this.#options = options;
    this.#orphans = new OrphanWatch(options.takeOver);
  }

  /** The process is about to leave: it takes nothing more upon itself. Resolves when it asks no agent any more, or the time is up. */
  leave(waitMs: number): Promise<void> {
    this.#isLeaving = true;
    return this.#options.access.stop(waitMs);
  }

  /** Starts a sweep unless one is under way. What it can not do for want of the database, the next one does. */
  afterRenewal(nodeId: NodeId, databaseUpMs: number): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    void this.#sweep(nodeId, databaseUpMs)
      .catch(() => undefined)
      .finally(() => (this.#isSweeping = false));
  }

  /** Learns who else is there. */
  async lookForPeers(nodeId: NodeId): Promise<void> {
    const { onPeers, takeOver } = this.#options;
    onPeers(await takeOver.nodes.countOthers(nodeId));
  }

  /** Cancels the tasks of this node that somebody wants canceled. */
  async obeyCancels(nodeId: NodeId): Promise<void> {
    const { nodes, runs } = this.#options.takeOver;
    if (runs.count === 0) return;
    for (const taskId of await nodes.findCancelRequests(nodeId)) runs.cancel(taskId);
  }

  async #sweep(nodeId: NodeId, databaseUpMs: number): Promise<void> {
    const { config, takeOver, log } = this.#options;
    await this.lookForPeers(nodeId);
    await this.obeyCancels(nodeId);
    if (this.#isLeaving) return;
    await this.#lookForOrphans(nodeId);
    if (!config.roles.has('worker')) return;
    await this.#options.access.check(nodeId);
    if (databaseUpMs < config.lease.graceMs) return;
    const taken = await takeOverTasks(takeOver, nodeId);
    if (taken > 0) log.info({ tasks: taken }, 'tasks of dead nodes were taken over');
    await this.#keepHouse();
  }

  async #lookForOrphans(nodeId: NodeId): Promise<void> {
    const { clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#lookedAtMs !== null && nowMs - this.#lookedAtMs < limits.orphanLookMs) return;
    this.#lookedAtMs = nowMs;
    const taken = await this.#orphans.check(nodeId);
    if (taken > 0) log.warn({ tasks: taken }, 'tasks that nobody worked on were taken up again');
  }

  async #keepHouse(): Promise<void> {
    const { clock, config, housekeeper, log, takeOver } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#keptHouseAtMs !== null && nowMs - this.#keptHouseAtMs < limits.housekeepingMs) return;
    this.#keptHouseAtMs = nowMs;
    const expired = await expireTasks(takeOver, config.taskWaitMs);
    if (expired > 0) log.info({ tasks: expired }, 'tasks that had waited too long for their callers were ended');
    const miscounted = await this.#options.queues.recount();
    if (miscounted > 0) log.error({ rows: miscounted }, 'slots were counted wrong and have been counted anew');
    const forgotten = await housekeeper.sweep();
    if (forgotten > 0) log.info({ rows: forgotten }, 'rows that had served their time were forgotten');
  }
}
