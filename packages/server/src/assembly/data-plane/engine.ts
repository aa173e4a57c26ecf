import { hostname } from 'node:os';
import { createDeadLetterStore } from '../../adapters/postgres/dispatch/dead-letter-store.ts';
import { NotificationListener } from '../../adapters/postgres/notifications/notification-listener.ts';
import { NotificationSender } from '../../adapters/postgres/notifications/notification-sender.ts';
import { createHousekeeper } from '../../adapters/postgres/housekeeping/housekeeper.ts';
import { createNodeStore } from '../../adapters/postgres/nodes/node-store.ts';
import { createRouteStore } from '../../adapters/postgres/routing/route-store.ts';
import { createTaskStore } from '../../adapters/postgres/tasks/task-store.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { AgentId, IdSource, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { AccessWatch, createGateway, TaskRuns } from '../../modules/gateway/index.ts';
import type {
  CallPorts,
  DeadLetterPorts,
  DispatchQueue,
  ForwardTokenReader,
  Gateway,
  PageTokenSigner,
  SuspensionWatch,
  TakeOverPorts,
  Upstream,
} from '../../modules/gateway/index.ts';
import type { Limiter } from '../../modules/limits/index.ts';
import type { CallerStatusWatch } from '../../modules/access/index.ts';
import type { DeliveryWorker } from '../../modules/deliveries/index.ts';
import type { SchemaJudge } from '../../modules/registry/index.ts';
import { RouteCache } from '../../modules/routing/index.ts';
import type { SkillChooser } from '../../modules/routing/index.ts';
import { NodeLease, TaskLog } from '../../modules/tasks/index.ts';
import type { DispatchQueueStore } from '../../modules/tasks/index.ts';
import { chanceOf, createDispatch } from './queues.ts';
import { AccessNotifications } from '../duties/access-notifications.ts';
import type { Database } from '../database.ts';
import { createDeliveryWorker, pushPorts } from '../duties/deliveries.ts';
import type { Webhooks } from '../duties/deliveries.ts';
import type { InstanceHealthDuty } from '../duties/instance-health.ts';
import { causesOf } from '../log.ts';
import type { Log } from '../../surfaces/http/index.ts';
import { createResilience } from './resilience.ts';
import type { ResultParts } from './results.ts';
import { createSuspensionWatch } from '../duties/suspension-watch.ts';
import { NodeDuties } from '../duties/node-duties.ts';
import type { SealDuty } from '../duties/seal-duty.ts';

export interface EngineOptions {
  readonly statuses: CallerStatusWatch;
  readonly config: Config;
  readonly database: Database;
  readonly upstream: Upstream;
  readonly pageTokens: PageTokenSigner;
  readonly readForwardToken: ForwardTokenReader;
  readonly webhooks: Webhooks;
  readonly seals: SealDuty;
  readonly instances: InstanceHealthDuty;
  readonly limiter: Limiter;
  readonly results: Pick<ResultParts, 'cache' | 'known'>;
  /** Chooses among skills for the router; null: the words of a message decide. */
  readonly chooser: SkillChooser | null;
  readonly schemas: SchemaJudge;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** Told of the tenants in which rights changed, null among them: the platform's keys. */
  readonly onAccess?: (tenants: ReadonlySet<TenantId | null>) => void;
  /** Told of a tenant whose agents changed. */
  readonly onRoutes?: (tenantId: TenantId) => void;
}

/** What works on tasks: the gateway's operations, the runs, the lease they live under, the reaper, and the hints between processes. */
export interface Engine {
  readonly gateway: Gateway;
  readonly workPorts: CallPorts & DeadLetterPorts;
  readonly runs: TaskRuns;
  readonly queue: DispatchQueue;
  readonly taskLog: TaskLog;
  readonly lease: NodeLease;
  start(): Promise<void>;
  /** Finishes what can be finished within `limits.drainMs` and leaves the rest to other nodes. */
  stop(): Promise<void>;
}

const takeOverFailed = 'a task of a dead node could not be taken over';
const unstopped = 'a task of somebody who is stopped could not be canceled';
const lookFailed = 'a task that waits for an authorization could not be looked at';

export function createEngine(options: EngineOptions): Engine {
  const { config, database, limiter, results, clock, ids, log } = options;
  const store = createTaskStore(database.writers, database.readers, clock);
  const nodes = createNodeStore(database.heartbeats, database.workers);
  const routes = createRouteStore(database.readers);
  const sender = uuidOf(ids.next('nod'));
  const hints = new NotificationSender({ pool: database.readers, clock, sender });
  const deliveries = createDeliveryWorker(options, store, () => heldBy());
  const announce = (taskId: TaskId): void => {
    hints.announce(taskId);
    deliveries.hint(taskId);
  };
  const report = (message: string) => (error: unknown) => log.error({ causes: causesOf(error) }, message);
  const taskLog: TaskLog = new TaskLog({ store, clock, publishedHere: (taskId) => runs.publishedSeqOf(taskId) });
  const known = new RouteCache(routes, clock);
  const { seals, instances } = options;
  const resilience = createResilience({ ...options, routes: known, uses: instances.uses });
  const ending = { store, log: taskLog, results: results.cache, announce, clock, ids };
  const runs: TaskRuns = new TaskRuns({
    ...ending,
    ...resilience.working,
    upstream: options.upstream,
    holdsLease: (nodeId) => lease.isHeld && lease.nodeId === nodeId,
    reportUnwritable: report('an answer of an agent could not be written'),
    onSlotsFree: (route) => queue.notify(route.tenantId, route),
    chance: () => chanceOf(options.webhooks.random),
  });
  const { deadAfterMs } = config.lease;
  const takeOver = { ...ending, nodes, routes, runs, deadAfterMs, report: report(takeOverFailed) };
  const heldBy = (): NodeId | null => (lease.isHeld ? lease.nodeId : null);
  const { instances: chooser } = resilience.sending;
  const { queues, queue } = createDispatch({ ...options, takeOver, chooser, nodeId: heldBy });
  const duties = createDuties(options, takeOver, { hints, queues });
  const stops = createSuspensionWatch(options, known, { ...ending, runs, report: report(unstopped) });
  const lease: NodeLease = new NodeLease({
    nodes,
    clock,
    ids,
    ...onLease(options, { runs, queue, deliveries, duties, stops, keepUp: resilience.keepUp }),
  });
  const onTask = (taskId: TaskId): void => {
    taskLog.notify(taskId);
    deliveries.hint(taskId);
    if (runs.has(taskId)) void duties.obeyCancels(lease.nodeId).catch(() => undefined);
  };
  const { onAccess, stop: stopWatching } = watchRights(options, stops);
  const changed = [known, limiter, results.known, { forget: () => queue.forgetRoutes() }];
  const onRoutes = forgetting(changed, options);
  const onHint = { onTask, onRoutes, onAccess, onBreakers: resilience.onHint };
  const listener = new NotificationListener({ url: database.runtimeUrl, clock, sender, ...onHint });
  const sending = {
    ...ending,
    statuses: options.statuses,
    runs,
    pageTokens: options.pageTokens,
    readForwardToken: options.readForwardToken,
    push: pushPorts(options, deliveries),
    ...resilience.sending,
    queue,
    queueAgeMs: (agentId: AgentId) => queue.queueAgeMs(agentId),
    limiter,
    nodeId: () => heldNodeId(lease, runs),
  };
  const gateway = createGateway(sending);
  const deadLetters = createDeadLetterStore(database.readers);
  const workPorts = { ...sending, schemas: options.schemas, deadLetters };
  const living = { lease, listener, runs, queue, duties, deliveries, seals, instances, limiter, stopWatching };
  return { gateway, workPorts, runs, queue, taskLog, lease, ...lifecycle(living) };
}

interface OnLease {
  readonly runs: TaskRuns;
  readonly queue: DispatchQueue;
  readonly deliveries: DeliveryWorker;
  readonly duties: NodeDuties;
  readonly stops: SuspensionWatch;
  readonly keepUp: () => void;
}

/** What a process does after each renewal of its lease on life, and what it lets go of without one. */
function onLease({ config, seals, instances, log }: EngineOptions, living: OnLease) {
  const { runs, queue, deliveries, duties, stops, keepUp } = living;
  return {
    times: config.lease,
    hostName: hostname(),
    onFenced: (): void => {
      log.warn({ tasks: runs.count }, 'the lease on life was lost; tasks under work are left to others');
      runs.abandonAll();
      deliveries.abandonAll();
    },
    onRenewed: (nodeId: NodeId, databaseUpMs: number): void => {
      duties.afterRenewal(nodeId, databaseUpMs);
      void deliveries.look();
      void queue.poll();
      stops.check().catch(() => undefined);
      seals.look(nodeId);
      instances.look();
      keepUp();
    },
  };
}

/** What ends with the rights that it lives on, and who hears that rights changed. */
function watchRights({ statuses, clock, onAccess }: EngineOptions, stops: SuspensionWatch) {
  const hints = new AccessNotifications(clock, (tenants) => {
    onAccess?.(tenants);
    statuses.check().catch(() => undefined);
    stops.check().catch(() => undefined);
  });
  return {
    onAccess: (tenantId: TenantId | null): void => hints.notify(tenantId),
    stop: (): void => {
      hints.stop();
      statuses.close();
    },
  };
}

function createDuties(
  options: EngineOptions,
  takeOver: TakeOverPorts,
  { hints, queues }: { readonly hints: NotificationSender; readonly queues: DispatchQueueStore },
): NodeDuties {
  const { config, database, upstream, limiter, clock, log } = options;
  const housekeeper = createHousekeeper(database.workers);
  const report = (error: unknown): void => log.error({ causes: causesOf(error) }, lookFailed);
  const access = new AccessWatch({ ...takeOver, upstream, report });
  return new NodeDuties({
    config,
    takeOver,
    access,
    onPeers: telling(hints, limiter),
    housekeeper,
    queues,
    clock,
    log,
  });
}

/** Something about a tenant changed that routes, limits or terms of results are made of. */
function forgetting(
  kept: readonly { forget(tenantId: TenantId): void }[],
  { onRoutes }: EngineOptions,
): (tenantId: TenantId) => void {
  return (tenantId) => {
    for (const one of kept) one.forget(tenantId);
    onRoutes?.(tenantId);
  };
}

/** How many other nodes live decides whether hints are worth sending, and this node's share of every limit. */
function telling(hints: NotificationSender, limiter: Limiter): (others: number) => void {
  return (others) => {
    hints.hasListeners = others > 0;
    limiter.setProcesses(others + 1);
  };
}

/** The identity to record new work under; throws `platform.unavailable` while the lease is not held, and `platform.overloaded` with too much under work. */
function heldNodeId(lease: NodeLease, runs: TaskRuns): NodeId {
  if (!lease.isHeld) throw new PlatformError('platform.unavailable');
  if (runs.count >= limits.taskRunsMax) throw new PlatformError('platform.overloaded');
  return lease.nodeId;
}

interface Living {
  readonly lease: NodeLease;
  readonly listener: NotificationListener;
  readonly runs: TaskRuns;
  readonly queue: DispatchQueue;
  readonly duties: NodeDuties;
  readonly deliveries: DeliveryWorker;
  readonly seals: SealDuty;
  readonly instances: InstanceHealthDuty;
  readonly limiter: Limiter;
  readonly stopWatching: () => void;
}

function lifecycle(living: Living): Pick<Engine, 'start' | 'stop'> {
  const { lease, listener, runs, queue, duties, deliveries, seals, instances, limiter, stopWatching } = living;
  return {
    async start() {
      await lease.start();
      await duties.lookForPeers(lease.nodeId);
      await listener.start();
    },
    async stop() {
      const { drainMs } = limits;
      queue.leave();
      await Promise.all([
        duties.leave(drainMs),
        runs.drain(drainMs),
        deliveries.stop(drainMs),
        instances.watch.stop(drainMs),
      ]);
      runs.abandonAll();
      await seals.leave(drainMs);
      await limiter.stop();
      await lease.stop();
      await listener.stop();
      stopWatching();
    },
  };
}
