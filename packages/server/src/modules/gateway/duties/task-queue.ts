import type { Clock } from '../../../kernel/clock.ts';
import type { AgentId, NodeId, TenantId } from '../../../kernel/ids.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import { keepNewest } from '../../../kernel/keep-newest.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Route, RouteStore } from '../../routing/index.ts';
import type {
  ClaimedQueue,
  ClaimedTask,
  TaskQueueStore,
  PlacedTask,
  QueueState,
  TaskStore,
  WaitingPlace,
} from '../../tasks/index.ts';
import { failIdleTask } from '../run/fail-idle-task.ts';
import type { FailPorts } from '../run/fail-idle-task.ts';
import type { TaskRun } from '../run/task-run.ts';

/** What claiming from queues needs. */
export interface TaskQueueOptions extends FailPorts {
  readonly queues: TaskQueueStore;
  readonly store: Pick<TaskStore, 'findForWork' | 'write'>;
  readonly routes: Pick<RouteStore, 'findById'>;
  readonly clock: Clock;
  /** The node that tasks are claimed for; null while its lease is not held. */
  readonly nodeId: () => NodeId | null;
  /** Begins the work on a claimed task; null when the task needs no work any more. */
  readonly begin: (nodeId: NodeId, taken: ClaimedTask, route: Route) => Promise<TaskRun | null>;
  /** The instances of an agent in the order in which they should get tasks. */
  readonly placesOf: (route: Route) => ClaimedQueue['instances'];
  /** Whether the memory for the runs of a tenant leaves room for another one. */
  readonly hasRoom: (tenantId: TenantId) => boolean;
  /** At most so many tasks from queues are worked on at once. */
  readonly runsMax: number;
  readonly report: (error: unknown) => void;
}

/** Depth and age of a queue, and when they were read, by the monotonic clock. */
interface KnownQueue {
  readonly state: QueueState;
  readonly foundAtMs: number;
}

/** Totals over all queues, for metrics. */
export interface QueueTotals {
  readonly queues: number;
  readonly queuedTasks: number;
  /** How long the task that waits longest has waited, in milliseconds; 0 for none. */
  readonly ageMs: number;
}

/**
 * Claims tasks from the queues of agents, as far as concurrency slots and the capacity of this process allow. A freed slot notifies it. Besides,
 * every queue is polled with each heartbeat, so that no task waits for a dead process. Tenants are served in rotation, each with an equal share
 * of the capacity; within a tenant the tasks of all its agents are claimed in the order of their ranks.
 */
export class TaskQueue {
  readonly #options: TaskQueueOptions;
  /** Agents that may have claimable tasks, by tenant, in the order of the rotation. */
  readonly #due = new Map<TenantId, Set<AgentId>>();
  /** Queues that the last poll found. */
  #known: ReadonlyMap<AgentId, KnownQueue> = new Map();
  readonly #routes = new Map<AgentId, { readonly route: Route; readonly readAtMs: number }>();
  #held = 0;
  #isClaiming = false;
  #isLeaving = false;
  #polling: Promise<void> | null = null;
  /** Position in the tasks that are past their deadlines; null: the beginning. */
  #overdueAfter: WaitingPlace | null = null;

  constructor(options: TaskQueueOptions) {
    this.#options = options;
  }

  /** A task of this agent may be claimable. */
  notify(tenantId: TenantId, { agentId }: Pick<Route, 'agentId'>): void {
    const agents = this.#due.get(tenantId);
    if (agents === undefined) this.#due.set(tenantId, new Set([agentId]));
    else agents.add(agentId);
    void this.#claimAll();
  }

  /** Registrations changed: cached routes are outdated. */
  forgetRoutes(): void {
    this.#routes.clear();
  }

  /** Polls every queue, and ends tasks past their deadline. Never rejects: the next poll does what this one could not. */
  poll(): Promise<void> {
    if (this.#isLeaving) return Promise.resolve();
    this.#polling ??= this.#poll()
      .catch(() => undefined)
      .finally(() => (this.#polling = null));
    return this.#polling;
  }

  /** This process is about to stop and claims nothing more. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** How long the next task of this agent has waited to be claimed, as of the last poll and counted on; 0 for an empty queue. */
  queueAgeMs(agentId: AgentId): number {
    const known = this.#known.get(agentId);
    return known === undefined ? 0 : ageOf(known, this.#options.clock.monotonicMs());
  }

  /** How many tasks of this agent waited at the last poll. */
  queueDepth(agentId: AgentId): number {
    return this.#known.get(agentId)?.state.queued ?? 0;
  }

  get totals(): QueueTotals {
    const nowMs = this.#options.clock.monotonicMs();
    let queuedTasks = 0;
    let ageMs = 0;
    for (const known of this.#known.values()) {
      queuedTasks += known.state.queued;
      ageMs = Math.max(ageMs, ageOf(known, nowMs));
    }
    return { queues: this.#known.size, queuedTasks, ageMs };
  }

  async #poll(): Promise<void> {
    const { queues, clock } = this.#options;
    const found = await queues.findQueues(limits.queuesPerPollMax);
    const foundAtMs = clock.monotonicMs();
    this.#known = new Map(found.map((state) => [state.agentId, { state, foundAtMs }]));
    if (found.length === 0) return;
    for (const { tenantId, agentId, free } of found) if (free !== 0) this.notify(tenantId, { agentId });
    await this.#endOverdue();
  }

  /** A task that can not be ended is reported and skipped, so that it blocks no other; it is tried again after all others. */
  async #endOverdue(): Promise<void> {
    for (let slice = 0; slice < limits.overdueSlicesMax; slice += 1) {
      const found = await this.#options.queues.findOverdue(limits.overdueTasksMax, this.#overdueAfter);
      await Promise.all(found.map((overdue) => this.#end(overdue).catch(this.#options.report)));
      const isLast = found.length < limits.overdueTasksMax;
      this.#overdueAfter = isLast ? null : (found.at(-1) ?? null);
      if (isLast) return;
    }
  }

  async #end({ tenantId, taskId }: PlacedTask): Promise<void> {
    const row = await this.#options.store.findForWork(tenantId, taskId);
    if (row?.isQueued === true) await failIdleTask(this.#options, row, 'task.deadline-passed');
  }

  async #claimAll(): Promise<void> {
    if (this.#isClaiming) return;
    this.#isClaiming = true;
    try {
      for (;;) {
        const [first] = this.#due;
        const nodeId = this.#options.nodeId();
        const capacity = this.#options.runsMax - this.#held;
        if (first === undefined || nodeId === null || capacity <= 0 || this.#isLeaving) break;
        const [tenantId, agents] = first;
        this.#due.delete(tenantId);
        const limit = Math.min(Math.ceil(capacity / (this.#due.size + 1)), limits.queueClaimTasksMax);
        const claiming = this.#claim(nodeId, tenantId, agents, limit).catch((error: unknown) => {
          // While the database is unavailable nothing is claimed. Any other error concerns this tenant alone; the next poll finds what was left.
          if (asPlatformError(error).kind === 'unavailable') throw error;
          this.#options.report(error);
          return false;
        });
        if (await claiming) this.#again(tenantId, agents);
      }
    } catch (error) {
      // The next poll finds what was not claimed.
      this.#due.clear();
      this.#options.report(error);
    } finally {
      this.#isClaiming = false;
    }
  }

  /** True when there may be more to claim. */
  async #claim(nodeId: NodeId, tenantId: TenantId, agents: ReadonlySet<AgentId>, limit: number): Promise<boolean> {
    // The next poll claims what still waits then.
    if (!this.#options.hasRoom(tenantId)) return false;
    const found = await Promise.all(Array.from(agents, (agentId) => this.#routeOf(tenantId, agentId)));
    const routes = new Map(found.flatMap((route) => (route === null ? [] : [[route.agentId, route]])));
    if (routes.size === 0) return false;
    const queues = Array.from(routes.values(), (route) => ({
      agentId: route.agentId,
      instances: this.#options.placesOf(route),
    }));
    const taken = await this.#options.queues.claim(tenantId, nodeId, { queues, limit });
    for (const task of taken) {
      const route = routes.get(task.agentId);
      if (route !== undefined) void this.#work(nodeId, task, route);
    }
    return taken.length >= limit;
  }

  async #work(nodeId: NodeId, task: ClaimedTask, route: Route): Promise<void> {
    this.#held += 1;
    try {
      const run = await this.#options.begin(nodeId, task, route);
      await run?.finished;
    } catch (error) {
      // The task is claimed but has no run: the orphan watch finds it.
      this.#options.report(error);
    } finally {
      this.#held -= 1;
      if (this.#due.size > 0) void this.#claimAll();
    }
  }

  /** Puts the tenant at the end of the rotation. */
  #again(tenantId: TenantId, agents: ReadonlySet<AgentId>): void {
    const notified = this.#due.get(tenantId) ?? new Set();
    this.#due.delete(tenantId);
    this.#due.set(tenantId, new Set([...notified, ...agents]));
  }

  async #routeOf(tenantId: TenantId, agentId: AgentId): Promise<Route | null> {
    const { clock, routes } = this.#options;
    const cached = this.#routes.get(agentId);
    const readAtMs = clock.monotonicMs();
    if (cached !== undefined && readAtMs - cached.readAtMs < limits.routeRefreshMs) return cached.route;
    const route = await routes.findById(tenantId, agentId);
    if (route !== null) keepNewest(this.#routes, agentId, { route, readAtMs }, limits.knownQueuesMax);
    return route;
  }
}

function ageOf({ state, foundAtMs }: KnownQueue, nowMs: number): number {
  return Math.max(0, state.foundAtMs - state.nextSinceMs + (nowMs - foundAtMs));
}
