import { createDeadLetterStore } from '../../adapters/postgres/task-queue/dead-letter-store.ts';
import { createBudgetStore } from '../../adapters/postgres/budgets/budget-store.ts';
import { createCreditLedgerStore } from '../../adapters/postgres/metering/credit-ledger-store.ts';
import { createNodeStore } from '../../adapters/postgres/nodes/node-store.ts';
import { NotificationSender } from '../../adapters/postgres/notifications/notification-sender.ts';
import { createRouteStore } from '../../adapters/postgres/routing/route-store.ts';
import { createTaskStore } from '../../adapters/postgres/tasks/task-store.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { AgentId, NodeId, TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import type { CallerStatusWatch } from '../../modules/access/index.ts';
import { createGateway, TaskRuns } from '../../modules/gateway/index.ts';
import type {
  AgentContextId,
  CallPorts,
  DeadLetterPorts,
  QuotePorts,
  TaskQueue,
  ForwardTokenReader,
  Gateway,
  PageTokenSigner,
  Upstream,
} from '../../modules/gateway/index.ts';
import type { Limiter } from '../../modules/limits/index.ts';
import type { SchemaJudge } from '../../modules/registry/index.ts';
import { RouteCache } from '../../modules/routing/index.ts';
import type { SkillChooser } from '../../modules/routing/index.ts';
import { TaskLog } from '../../modules/tasks/index.ts';
import { createDeliveryWorker, pushPorts } from '../duties/deliveries.ts';
import type { Webhooks } from '../duties/deliveries.ts';
import type { Duties } from '../duties/duties.ts';
import { createNode } from '../duties/node.ts';
import type { Node, NodeParts, TenantCache } from '../duties/node.ts';
import type { NodeFoundation } from '../foundation.ts';
import { causesOf } from '../log.ts';
import { createQueues } from './queues.ts';
import { createResilience } from './resilience.ts';
import type { ResultParts } from './results.ts';

export interface EngineParts {
  readonly upstream: Upstream;
  readonly pageTokens: PageTokenSigner;
  readonly readForwardToken: ForwardTokenReader;
  readonly agentContextId: AgentContextId;
  readonly webhooks: Webhooks;
  readonly duties: Pick<Duties, 'seals' | 'instances'>;
  readonly statuses: CallerStatusWatch;
  readonly limiter: Limiter;
  readonly results: Pick<ResultParts, 'cache' | 'known'>;
  /** Chooses among skills for the router; null: the words of a message decide. */
  readonly chooser: SkillChooser | null;
  readonly schemas: SchemaJudge;
  /** Gets the tenants in which rights changed; null stands for the keys of the platform. */
  readonly onAccess?: NodeParts['onAccess'];
  /** What this process caches of a tenant's agents, beside the routes. */
  readonly registryCache?: TenantCache;
}

/** The work on tasks: the operations of the gateway, the runs and queues behind them, and the node whose lease they need. */
export interface Engine extends Pick<Node, 'lease' | 'eventDeliveries' | 'start' | 'leave' | 'stop'> {
  readonly gateway: Gateway;
  readonly workPorts: CallPorts & DeadLetterPorts & QuotePorts;
  readonly runs: TaskRuns;
  readonly queue: TaskQueue;
  readonly taskLog: TaskLog;
  /** Usage reports of agents since the start of the process. */
  readonly usageReports: { readonly malformed: number };
}

/** The node does nothing before its start, so the work can refer to it before it is built. */
export function createEngine(foundation: NodeFoundation, parts: EngineParts): Engine {
  const { database, clock, ids, budget } = foundation;
  const { upstream, webhooks, limiter, results, schemas } = parts;
  const store = createTaskStore(database.writers, database.readers, clock);
  const routes = createRouteStore(database.readers);
  const cachedRoutes = new RouteCache(routes, clock);
  const sender = uuidOf(ids.next('nod'));
  const notifications = new NotificationSender({ pool: database.readers, clock, sender });
  const heldBy = (): NodeId | null => (node.lease.isHeld ? node.lease.nodeId : null);
  const deliveries = createDeliveryWorker(foundation, { webhooks, store, nodeId: heldBy });
  const announce = (taskId: TaskId): void => {
    notifications.announce(taskId);
    deliveries.notify(taskId);
  };
  const log = new TaskLog({ store, clock, budget, publishedHere: (taskId) => runs.publishedSeqOf(taskId) });
  const resilience = createResilience(foundation, {
    ...parts,
    routes: cachedRoutes,
    uses: parts.duties.instances.uses,
  });
  const ending = { store, log, results: results.cache, announce, clock, ids };
  const runs: TaskRuns = new TaskRuns({
    ...ending,
    ...resilience.working,
    budget,
    upstream,
    holdsLease: (nodeId) => node.lease.isHeld && node.lease.nodeId === nodeId,
    reportUnwritable: reporter(foundation, 'an answer of an agent could not be written'),
    onSlotsFree: (route) => queue.notify(route.tenantId, route),
    chance: () => chanceOf(foundation.random),
  });
  const takeOver = {
    ...ending,
    agentContextId: parts.agentContextId,
    nodes: createNodeStore(database.heartbeats, database.workers),
    routes,
    runs,
    deadAfterMs: foundation.config.lease.deadAfterMs,
    report: reporter(foundation, 'a task of a dead node could not be taken over'),
  };
  const chooser = resilience.sending.instances;
  const { queues, queue } = createQueues(foundation, { takeOver, chooser, nodeId: heldBy });
  const caches = [cachedRoutes, limiter, results.known, { forget: () => queue.forgetRoutes() }];
  const shared = { upstream, webhooks, limiter, duties: parts.duties, statuses: parts.statuses };
  const work = { sender, notifications, takeOver, queues, queue, deliveries, routes: cachedRoutes };
  const node: Node = createNode(foundation, {
    ...shared,
    ...work,
    breakers: resilience.breakers,
    caches: parts.registryCache === undefined ? caches : [...caches, parts.registryCache],
    onAccess: parts.onAccess ?? (() => undefined),
  });
  const sending = {
    ...ending,
    ...resilience.sending,
    statuses: parts.statuses,
    pageTokens: parts.pageTokens,
    readForwardToken: parts.readForwardToken,
    agentContextId: parts.agentContextId,
    limiter,
    runs,
    push: pushPorts(foundation, webhooks, deliveries),
    queue,
    queueAgeMs: (agentId: AgentId) => queue.queueAgeMs(agentId),
    nodeId: () => recordingNode(node, runs),
  };
  const workPorts = { ...sending, schemas, ...workStores(database) };
  const gateway = createGateway(sending);
  return { ...node, gateway, workPorts, runs, queue, taskLog: log, usageReports: resilience.usageReports };
}

type StoreOfWork = 'deadLetters' | 'ledger' | 'budgets';

/** What only the endpoints of the admin API need that start tasks or price them. */
function workStores({ readers }: NodeFoundation['database']): Pick<DeadLetterPorts & QuotePorts, StoreOfWork> {
  return {
    deadLetters: createDeadLetterStore(readers),
    ledger: createCreditLedgerStore(readers),
    budgets: createBudgetStore(readers),
  };
}

function reporter({ log }: NodeFoundation, message: string): (error: unknown) => void {
  return (error) => log.error({ causes: causesOf(error) }, message);
}

/** The node that records new work. Throws `platform.unavailable` while its lease is not held, and `platform.overloaded` above `taskRunsMax`. */
function recordingNode({ lease }: Node, runs: TaskRuns): NodeId {
  if (!lease.isHeld) throw new PlatformError('platform.unavailable');
  if (runs.count >= limits.taskRunsMax) throw new PlatformError('platform.overloaded');
  return lease.nodeId;
}

/** 0 to 1, at random. */
function chanceOf(random: Random): number {
  const [first = 0, second = 0] = random.bytes(2);
  return (first * 256 + second) / 65_535;
}
