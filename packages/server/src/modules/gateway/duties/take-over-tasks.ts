import { pause } from '../../../kernel/clock.ts';
import { asPlatformError } from '../../../kernel/errors.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Route, RouteStore } from '../../routing/index.ts';
import type { NodeStore, TakenTask, TaskRow, TaskStore, TaskView } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { instanceOf } from '../send/continue-task.ts';
import { failIdleTask } from '../run/fail-idle-task.ts';
import type { FailPorts } from '../run/fail-idle-task.ts';
import { readView } from '../view/read-view.ts';
import { hasSlots, isIdempotent, skillIdOf } from '../send/route-rules.ts';
import { contextIdAtAgent, findReferences, messageForAgent } from '../send/outgoing-message.ts';
import { queueingOfRow } from '../send/queue-place.ts';
import { pricingOf } from '../send/task-prices.ts';
import type { TaskRun } from '../run/task-run.ts';
import type { TaskRuns } from '../run/task-runs.ts';
import type { UpstreamMessage } from '../run/upstream.ts';
import type { Assignment } from '../run/work-on-task.ts';

type MessagePorts = Pick<GatewayPorts, 'store' | 'agentContextId'>;
type RouteById = Pick<RouteStore, 'findById'>;

export interface TakeOverPorts extends FailPorts, Pick<GatewayPorts, 'agentContextId'> {
  readonly nodes: NodeStore;
  readonly store: TaskStore;
  readonly routes: RouteById;
  readonly runs: TaskRuns;
  readonly deadAfterMs: number;
  readonly report: (error: unknown) => void;
}

const resumeDelayMs = 250;

/**
 * One sweep of the reaper: it declares silent nodes dead and continues their tasks here. A task that its agent has named is found again at the
 * agent; an idempotent agent receives the same message again; any other task fails as `upstream.outcome-unknown`. A task whose nodes die one after
 * the other fails as `task.given-up`, because it may be what kills them.
 */
export async function takeOverTasks(ports: TakeOverPorts, nodeId: NodeId): Promise<number> {
  const taken = await ports.nodes.takeOver(nodeId, ports.deadAfterMs, limits.reaperTasksMax);
  await resumeTasks(ports, nodeId, taken);
  return taken.length;
}

/** Continues tasks that this node has claimed. A task that can not be continued is reported, and found again as an orphan. */
export async function resumeTasks(ports: TakeOverPorts, nodeId: NodeId, taken: readonly TakenTask[]): Promise<void> {
  const sweep = { ...ports, routes: routesOnce(ports.routes) };
  const left = taken.values();
  const resumeNext = async (): Promise<void> => {
    for (const task of left) await resumeWhenAvailable(sweep, nodeId, task).catch(ports.report);
  };
  await Promise.all(Array.from({ length: limits.takeOversAtOnceMax }, resumeNext));
}

/** A dead node leaves many tasks of few agents, so each route is read once in a sweep, and again after a failure. */
function routesOnce(routes: RouteById): RouteById {
  const read = new Map<string, Promise<Route | null>>();
  return {
    findById(tenantId, agentId) {
      const key = `${tenantId}/${agentId}`;
      const known = read.get(key);
      if (known !== undefined) return known;
      const route = routes.findById(tenantId, agentId);
      read.set(key, route);
      route.catch(() => read.delete(key));
      return route;
    },
  };
}

/** The claimed task belongs to this node alone, so an unavailable database only delays it. */
async function resumeWhenAvailable(ports: TakeOverPorts, nodeId: NodeId, taken: TakenTask): Promise<void> {
  for (;;) {
    try {
      return await resume(ports, nodeId, taken);
    } catch (error) {
      if (asPlatformError(error).code !== 'platform.unavailable') throw error;
      await pause(ports.clock, resumeDelayMs);
      // The claim went with the lease; the next sweep finds it.
      if (!ports.runs.holdsLease(nodeId)) return;
    }
  }
}

async function resume(ports: TakeOverPorts, nodeId: NodeId, taken: TakenTask): Promise<void> {
  const row = await ports.store.findForWork(taken.tenantId, taken.taskId);
  if (row === null || row.attempt !== taken.attempt) return;
  if (taken.takeovers > limits.taskTakeoversMax) return void (await failIdleTask(ports, row, 'task.given-up'));
  const origin = await ports.routes.findById(taken.tenantId, row.agentId);
  const route = row.servedBy === null ? origin : await ports.routes.findById(taken.tenantId, row.servedBy);
  if (route === null || origin === null) throw new Error(`No route for task ${row.taskId}`);
  const view = await readView(ports.store, taken);
  const started = {
    taskId: row.taskId,
    nodeId,
    attempt: row.attempt,
    view,
    route,
    origin,
    instance: instanceOf(route, row),
    ownerId: row.ownerId,
    requestId: row.requestId,
    upstreamTaskId: row.upstreamTaskId,
    chain: row.chain,
    ...queueingOfRow(row),
  };
  const assignment = row.cancelRequested ? null : await assignmentOf(ports, row, view, route);
  if (assignment?.kind === 'say' && isWithoutSlot(row, route)) return queueAgain(ports, nodeId, row);
  // Last, so that the time until the run begins counts as well.
  const priced = { ...started, ...(await pricingOf(ports.store, row, ports.clock)) };
  if (assignment === null) ports.runs.startCancel(priced);
  else ports.runs.start(priced, assignment);
}

/** The task began without a slot, for a cached result or for fallback agents, and now comes back to an agent with a concurrency limit. */
function isWithoutSlot({ isQueueable, holdsSlots, servedBy }: TaskRow, route: Route): boolean {
  return isQueueable && !holdsSlots && servedBy === null && hasSlots(route);
}

async function queueAgain({ store }: TakeOverPorts, nodeId: NodeId, row: TaskRow): Promise<void> {
  const { tenantId, taskId, attempt, lastSeq: expectedSeq } = row;
  await store.requeue({ tenantId, taskId, nodeId, attempt, expectedSeq, delayMs: 0 });
}

/**
 * Begins the work on a task that this node has just claimed from a queue: its newest message has not been sent yet, or may be sent again. Null
 * when the task needs no work any more.
 */
export async function beginClaimed(
  ports: Pick<TakeOverPorts, 'store' | 'runs' | 'clock' | 'agentContextId'>,
  nodeId: NodeId,
  { tenantId, taskId, attempt }: TakenTask,
  route: Route,
): Promise<TaskRun | null> {
  const read = (): Promise<[TaskRow | null, TaskView]> =>
    Promise.all([ports.store.findForWork(tenantId, taskId), readView(ports.store, { tenantId, taskId })]);
  const [row, view] = await untilRead(ports, nodeId, read);
  if (row === null || row.attempt !== attempt) return null;
  const { ownerId, requestId, upstreamTaskId, chain } = row;
  const facts = { taskId, nodeId, attempt, view, ownerId, requestId, upstreamTaskId, chain, ...queueingOfRow(row) };
  const pricing = await untilRead(ports, nodeId, () => pricingOf(ports.store, row, null));
  const started = { ...facts, ...pricing, route, instance: instanceOf(route, row) };
  if (row.cancelRequested) return ports.runs.startCancel(started);
  const message = await newestMessage(ports, row, view);
  return ports.runs.start(started, message === null ? { kind: 'attach', message } : { kind: 'say', message });
}

/** The claimed task belongs to this node alone, so an unavailable database only delays it. */
async function untilRead<Result>(
  { clock, runs }: Pick<TakeOverPorts, 'runs' | 'clock'>,
  nodeId: NodeId,
  read: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (asPlatformError(error).code !== 'platform.unavailable' || !runs.holdsLease(nodeId)) throw error;
      await pause(clock, resumeDelayMs);
    }
  }
}

/** An idempotent agent gets the message again unless it certainly has it; any other agent is only asked for the task. */
async function assignmentOf(ports: MessagePorts, row: TaskRow, view: TaskView, route: Route): Promise<Assignment> {
  const newest = await newestMessage(ports, row, view);
  const message = newest !== null && isIdempotent(route, skillIdOf(newest.message)) ? newest : null;
  const mayBeUnsent = row.upstreamTaskId === null || endsInFurtherMessage(view);
  if (message !== null && mayBeUnsent) return { kind: 'say', message };
  return { kind: 'attach', message };
}

/** Whether the history ends with a further message of the user, so that the agent may not have answered it. */
function endsInFurtherMessage({ task }: TaskView): boolean {
  const messages = task.history?.filter(({ role }) => role === 'ROLE_USER') ?? [];
  return messages.length > 1 && task.history?.at(-1)?.role === 'ROLE_USER';
}

/** The newest message of the user, as it was sent before. */
async function newestMessage(ports: MessagePorts, row: TaskRow, view: TaskView): Promise<UpstreamMessage | null> {
  const message = view.task.history?.findLast(({ role }) => role === 'ROLE_USER');
  if (message === undefined) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- encoded by this platform from a decoded request
  const options = JSON.parse(row.sendOptions ?? '{}') as Omit<UpstreamMessage, 'message'>;
  const references = await findReferences(ports.store, { ...row, agentId: row.servedBy ?? row.agentId }, message);
  const ids = { upstreamTaskId: row.upstreamTaskId, references };
  return { ...options, message: messageForAgent(message, contextIdAtAgent(ports, row), ids) };
}
