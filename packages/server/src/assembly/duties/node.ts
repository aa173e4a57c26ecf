import { hostname } from 'node:os';
import { createHousekeeper } from '../../adapters/postgres/housekeeping/housekeeper.ts';
import { createSuspendedWorkStore } from '../../adapters/postgres/nodes/suspended-work-store.ts';
import { NotificationListener } from '../../adapters/postgres/notifications/notification-listener.ts';
import type { NotificationSender } from '../../adapters/postgres/notifications/notification-sender.ts';
import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { CallerStatusWatch } from '../../modules/access/index.ts';
import type { DeliveryWorker } from '../../modules/deliveries/index.ts';
import { AccessWatch, SuspensionWatch } from '../../modules/gateway/index.ts';
import type { TaskQueue, TaskRuns, TakeOverPorts, Upstream } from '../../modules/gateway/index.ts';
import type { Limiter } from '../../modules/limits/index.ts';
import { NodeLease } from '../../modules/tasks/index.ts';
import type { TaskQueueStore, TaskLog } from '../../modules/tasks/index.ts';
import type { NodeFoundation } from '../foundation.ts';
import { causesOf } from '../log.ts';
import { AccessNotifications } from './access-notifications.ts';
import { createEventDelivery } from './deliveries.ts';
import type { EventDelivery, Webhooks } from './deliveries.ts';
import type { Duties } from './duties.ts';
import { NodeSweep } from './node-sweep.ts';

/** A part that caches something of tenants. */
export interface TenantCache {
  forget(tenantId: TenantId): void;
}

export interface NodeParts {
  /** Names this process in notifications between processes. */
  readonly sender: string;
  readonly notifications: NotificationSender;
  readonly takeOver: TakeOverPorts & { readonly runs: TaskRuns; readonly log: TaskLog };
  readonly upstream: Upstream;
  readonly queues: TaskQueueStore;
  readonly queue: TaskQueue;
  readonly deliveries: DeliveryWorker;
  readonly webhooks: Webhooks;
  readonly duties: Pick<Duties, 'seals' | 'instances'>;
  readonly limiter: Limiter;
  readonly breakers: { readonly keepUp: () => void; readonly onNotified: () => void };
  readonly statuses: CallerStatusWatch;
  /** The routes in use. */
  readonly routes: TenantCache;
  /** What a change of a tenant's agents, limits or policies makes old. */
  readonly caches: readonly TenantCache[];
  /** Gets the tenants in which rights changed; null stands for the keys of the platform. */
  readonly onAccess: (tenants: ReadonlySet<TenantId | null>) => void;
}

/** This process among the nodes of the platform: its lease, what it does after each renewal, and what other nodes notify it of. */
export interface Node {
  readonly lease: NodeLease;
  readonly eventDeliveries: EventDelivery['counts'];
  start(): Promise<void>;
  /** Takes on no work of other nodes or from queues any more. Requests of callers are still recorded and worked on. */
  leave(): void;
  /** Finishes what can be finished within `waitMs` and leaves the rest to other nodes. No request may be recorded any more. */
  stop(waitMs: number): Promise<void>;
}

export function createNode(foundation: NodeFoundation, parts: NodeParts): Node {
  const { database, clock } = foundation;
  const sweep = createSweep(foundation, parts);
  const suspensions = createSuspensionWatch(foundation, parts);
  const nodeId = (): NodeId | null => (lease.isHeld ? lease.nodeId : null);
  const events = createEventDelivery(foundation, { webhooks: parts.webhooks, nodeId });
  const lease: NodeLease = createLease(foundation, parts, { sweep, suspensions, events: events.worker });
  const access = new AccessNotifications(clock, (tenants) => {
    parts.onAccess(tenants);
    parts.statuses.check().catch(() => undefined);
    suspensions.check().catch(() => undefined);
  });
  const listener = new NotificationListener({
    url: database.runtimeUrl,
    clock,
    sender: parts.sender,
    onTask(taskId: TaskId) {
      parts.takeOver.log.notify(taskId);
      parts.deliveries.notify(taskId);
      if (parts.takeOver.runs.has(taskId)) void sweep.obeyCancels(lease.nodeId).catch(() => undefined);
    },
    onRoutes(tenantId) {
      for (const cache of parts.caches) cache.forget(tenantId);
    },
    onAccess: (tenantId) => access.notify(tenantId),
    onBreakers: parts.breakers.onNotified,
  });
  const running = { lease, sweep, listener, access, events: events.worker };
  return { lease, eventDeliveries: events.counts, ...lifecycle(parts, running) };
}

/** After each renewal of the lease, in this order; all of it runs beside the next renewal. */
function createLease(
  { config, clock, ids, log }: NodeFoundation,
  { takeOver, deliveries, queue, duties, breakers }: NodeParts,
  { sweep, suspensions, events }: Pick<Running, 'sweep' | 'events'> & { readonly suspensions: SuspensionWatch },
): NodeLease {
  const isWorker = config.roles.has('worker');
  return new NodeLease({
    nodes: takeOver.nodes,
    clock,
    ids,
    times: config.lease,
    hostName: hostname(),
    onFenced() {
      log.warn({ tasks: takeOver.runs.count }, 'the lease of this node was lost; other nodes take its tasks over');
      takeOver.runs.abandonAll();
      deliveries.abandonAll();
      events.abandonAll();
    },
    onRenewed(nodeId, databaseUpMs) {
      sweep.afterRenewal(nodeId, databaseUpMs);
      if (isWorker) void deliveries.check();
      if (isWorker) void events.check();
      void queue.poll();
      suspensions.check().catch(() => undefined);
      if (isWorker) duties.seals.seal(nodeId);
      void duties.instances.uses.flush();
      if (isWorker) void duties.instances.watch.check();
      breakers.keepUp();
    },
  });
}

function createSweep(foundation: NodeFoundation, parts: NodeParts): NodeSweep {
  const { database, log } = foundation;
  const { takeOver, upstream, queues, notifications, limiter } = parts;
  const report = (error: unknown): void =>
    log.error({ causes: causesOf(error) }, 'the agent of a task that waits for an authorization could not be asked');
  return new NodeSweep(foundation, {
    takeOver,
    access: new AccessWatch({ ...takeOver, upstream, report }),
    // The number of other nodes decides whether notifications are sent, and this node's share of every limit.
    onPeers(others) {
      notifications.noteOtherNodes(others);
      limiter.setProcesses(others + 1);
    },
    housekeeper: createHousekeeper(database.workers),
    queues,
  });
}

/** Cancels the work of suspended agents, clients and tenants, whether this node is notified of the suspension or finds it. */
function createSuspensionWatch({ database, log }: NodeFoundation, parts: NodeParts): SuspensionWatch {
  return new SuspensionWatch({
    ...parts.takeOver,
    stopped: createSuspendedWorkStore(database.workers, database.readers),
    report: (error) =>
      log.error({ causes: causesOf(error) }, 'a task of a suspended agent, client or tenant could not be canceled'),
    onFound(tenantId) {
      parts.onAccess(new Set([tenantId]));
      // A suspended agent has no route.
      parts.routes.forget(tenantId);
    },
  });
}

interface Running {
  readonly lease: NodeLease;
  readonly sweep: NodeSweep;
  readonly listener: NotificationListener;
  readonly access: AccessNotifications;
  readonly events: EventDelivery['worker'];
}

function lifecycle(
  parts: NodeParts,
  { lease, sweep, listener, access, events }: Running,
): Pick<Node, 'start' | 'leave' | 'stop'> {
  const { takeOver, queue, deliveries, duties, limiter, statuses } = parts;
  return {
    async start() {
      await lease.start();
      await sweep.countPeers(lease.nodeId);
      await listener.start();
    },
    leave() {
      queue.leave();
      sweep.leave();
    },
    async stop(waitMs) {
      await Promise.all([
        sweep.settled(waitMs),
        takeOver.runs.drain(waitMs),
        deliveries.stop(waitMs),
        events.stop(waitMs),
        duties.instances.watch.stop(waitMs),
      ]);
      takeOver.runs.abandonAll();
      await duties.seals.leave(waitMs);
      await limiter.stop();
      await lease.stop();
      await listener.stop();
      access.stop();
      statuses.close();
    },
  };
}
