import { hostname } from 'node:os';
import { HintListener } from '../adapters/postgres/hints/hint-listener.ts';
import { HintSender } from '../adapters/postgres/hints/hint-sender.ts';
import { createNodeStore } from '../adapters/postgres/nodes/node-store.ts';
import { createRouteStore } from '../adapters/postgres/routing/route-store.ts';
import { createTaskStore } from '../adapters/postgres/tasks/task-store.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { IdSource, NodeId, TaskId } from '../kernel/ids.ts';
import { limits } from '../kernel/limits.ts';
import { createGateway, takeOverTasks, TaskRuns } from '../modules/gateway/index.ts';
import type { Gateway, PageTokenSigner, Upstream } from '../modules/gateway/index.ts';
import { RouteCache } from '../modules/routing/index.ts';
import { NodeLease, TaskLog } from '../modules/tasks/index.ts';
import type { Database } from './database.ts';
import { causesOf } from './log.ts';
import type { PlatformLog } from './log.ts';

export interface EngineOptions {
  readonly config: Config;
  readonly database: Database;
  readonly upstream: Upstream;
  readonly pageTokens: PageTokenSigner;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: PlatformLog;
}

/** What works on tasks: the gateway's operations, the runs, the lease they live under, the reaper, and the hints between processes. */
export interface Engine {
  readonly gateway: Gateway;
  readonly runs: TaskRuns;
  readonly taskLog: TaskLog;
  readonly lease: NodeLease;
  start(): Promise<void>;
  /** Finishes what can be finished within `limits.drainMs` and leaves the rest to other nodes. */
  stop(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const { config, database, clock, ids, log } = options;
  const store = createTaskStore(database.writers, database.readers, clock);
  const nodes = createNodeStore(database.workers);
  const routeStore = createRouteStore(database.readers);
  const sender = uuidOf(ids.next('nod'));
  const hints = new HintSender({ pool: database.readers, clock, sender });
  const announce = (taskId: TaskId): void => hints.announce(taskId);
  const taskLog: TaskLog = new TaskLog({ store, clock, isWorkedOnHere: (taskId) => runs.has(taskId) });
  const report = (message: string) => (error: unknown) => log.error({ causes: causesOf(error) }, message);
  const runs: TaskRuns = new TaskRuns({
    store,
    log: taskLog,
    upstream: options.upstream,
    clock,
    ids,
    holdsLease: (nodeId) => lease.isHeld && lease.nodeId === nodeId,
    announce,
    reportUnwritable: report('an answer of an agent could not be written'),
  });
  const takeOver = {
    nodes,
    store,
    routes: routeStore,
    runs,
    clock,
    deadAfterMs: config.lease.deadAfterMs,
    report: report('a task of a dead node could not be taken over'),
  };
  const obeyCancels = async (nodeId: NodeId): Promise<void> => {
    if (runs.count === 0) return;
    for (const taskId of await nodes.findCancelRequests(nodeId)) runs.cancel(taskId);
  };
  const sweep = async (nodeId: NodeId, databaseUpMs: number): Promise<void> => {
    hints.hasListeners = (await nodes.countOthers(nodeId)) > 0;
    await obeyCancels(nodeId);
    if (!config.roles.has('worker') || databaseUpMs < config.lease.graceMs) return;
    const taken = await takeOverTasks(takeOver, nodeId);
    if (taken > 0) log.info({ tasks: taken }, 'tasks of dead nodes were taken over');
  };
  let sweeping = false;
  const lease: NodeLease = new NodeLease({
    nodes,
    clock,
    ids,
    times: config.lease,
    hostName: hostname(),
    onFenced: () => {
      log.warn({ tasks: runs.count }, 'the lease on life was lost; tasks under work are left to others');
      runs.abandonAll();
    },
    onRenewed: (nodeId, databaseUpMs) => {
      if (sweeping) return;
      sweeping = true;
      // What a sweep could not do for want of the database, the next one does.
      void sweep(nodeId, databaseUpMs)
        .catch(() => undefined)
        .finally(() => (sweeping = false));
    },
  });
  const listener = new HintListener({
    url: database.runtimeUrl,
    clock,
    sender,
    onTask: (taskId) => {
      taskLog.hint(taskId);
      if (runs.has(taskId)) void obeyCancels(lease.nodeId).catch(() => undefined);
    },
  });
  const nodeId = (): NodeId => {
    if (!lease.isHeld) throw new PlatformError('platform.unavailable');
    return lease.nodeId;
  };
  const gateway = createGateway({
    clock,
    ids,
    routes: new RouteCache(routeStore, clock),
    store,
    log: taskLog,
    runs,
    pageTokens: options.pageTokens,
    nodeId,
    announce,
  });
  return {
    gateway,
    runs,
    taskLog,
    lease,
    async start() {
      await lease.start();
      await listener.start();
    },
    async stop() {
      await runs.drain(limits.drainMs);
      runs.abandonAll();
      await lease.stop();
      await listener.stop();
    },
  };
}
