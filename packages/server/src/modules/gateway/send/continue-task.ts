import { isTerminal } from '@colloquy/protocol';
import type { Message, SendMessageRequest } from '@colloquy/protocol';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { taskMachine } from '../../tasks/index.ts';
import type { ContinueTask, TaskEventDraft, TaskRow, TaskStore, TaskView, ContinueOutcome } from '../../tasks/index.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import { untilRest } from '../view/await-rest.ts';
import { assertCardDemands } from './card-demands.ts';
import { findEarlierSend } from './send-identity.ts';
import { findVisibleTask, taskIdOf } from '../view/visible-task.ts';
import { readView } from '../view/read-view.ts';
import { assertRoomAtTask, inlineSubscription } from './inline-push-config.ts';
import { contextIdAtAgent, findReferences, upstreamMessage } from './outgoing-message.ts';
import { pricingOf } from './task-prices.ts';
import { queueingOf, runQueueingOf } from './queue-place.ts';
import type { GatewayPorts } from '../ports.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend } from './send.ts';
import { isLate, lateRefusal } from './send-urgency.ts';
import { statusEvent } from '../run/translate-answer.ts';

/**
 * Accepts a further message to a task. The task keeps its reservation; nothing more is charged. While the agent works, the message waits
 * until the task asks for input, and is recorded only then. Throws `task.ended` when the task ended instead, and `task.busy` when neither
 * happened in time; in both cases nothing was recorded, and the caller can send the message again.
 */
export async function continueTask(ports: GatewayPorts, send: IdentifiedSend): Promise<AcceptedSend> {
  const { clock } = ports;
  const viewer = viewerOfSend(send);
  const taskId = taskIdOf(send.request.message.taskId ?? '');
  // A caller that asks to return immediately does not wait.
  const waitMs = send.request.configuration?.returnImmediately === true ? 0 : limits.furtherMessageWaitMs;
  const untilMs = clock.monotonicMs() + waitMs;
  const earlier = await findEarlierSend(ports.store, send);
  if (earlier !== null) return earlier;
  for (;;) {
    const row = await findVisibleTask(ports.store, viewer, taskId);
    assertSameContext(row, send.request);
    const isAsking = taskMachine[row.state].continue === 'allowed';
    if (isAsking) {
      if (isLate(clock, send.options)) throw lateRefusal(send.request.message);
      const view = await readView(ports.store, row, send.caller.held);
      const recorded = await recordMessage(ports, send, row, view);
      if (recorded !== null) return recorded;
    } else if (await repeatsNewestMessage(ports.store, send, row)) {
      return { viewer, taskId, run: null, begun: null };
    }
    // The same message may have been sent twice at once, and the other copy was first.
    const first = await findEarlierSend(ports.store, send);
    if (first !== null) return first;
    const leftMs = untilMs - clock.monotonicMs();
    if (isTerminal(row.state)) throw new PlatformError('task.ended');
    if (leftMs <= 0) throw new PlatformError('task.busy');
    // A task that asked a moment ago is checked again at once: another message was first.
    if (!isAsking) await untilRest(ports, send.caller, row, leftMs);
  }
}

/**
 * Whether a message to a task that asks nothing has the content of the task's newest message. Callers that name their tasks have no ids for
 * their messages, so such a message is a repeat; it answers nothing that the agent may ask later.
 */
async function repeatsNewestMessage(
  store: Pick<TaskStore, 'readTail'>,
  { caller, options, request }: IdentifiedSend,
  row: TaskRow,
): Promise<boolean> {
  if (options.namesTask !== true) return false;
  const { task } = await readView(store, row, caller.held);
  const newest = task.history?.findLast(({ role }) => role === 'ROLE_USER');
  return newest !== undefined && contentOf(newest) === contentOf(request.message);
}

/** The content of a message, without its ids. */
function contentOf({ parts, metadata }: Message): string {
  return JSON.stringify([parts, metadata]);
}

/** Records the message and begins to work on it; null when the task has changed since it was read. */
async function recordMessage(
  ports: GatewayPorts,
  send: IdentifiedSend,
  row: TaskRow,
  view: TaskView,
): Promise<AcceptedSend | null> {
  const viewer = viewerOfSend(send);
  const { taskId, contextId, upstreamTaskId, attempt } = row;
  const nodeId = ports.nodeId();
  // The agent that asked, even when another agent has its name by now.
  const route = await ports.routes.resolveAgent(viewer.tenantId, viewer.agentName, row.servedBy ?? row.agentId);
  assertCardDemands(route, send);
  const references = await findReferences(ports.store, { ...row, agentId: route.agentId }, send.request.message);
  const statusAtMs = ports.clock.nowMs();
  const instance = instanceOf(route, row);
  const pricing = await pricingOf(ports.store, row, null);
  await assertRoomAtTask(ports, send, taskId);
  const subscription = await inlineSubscription(ports, send, taskId);
  const { begun, events } = draftMessage(view, contextId, send.request, statusAtMs);
  // Until the run counts the task.
  using _held = await ports.runs.holdMessage(route, begun.logBytes);
  const ticket = ports.limiter.admitSend(send.caller, route);
  const further: ContinueTask = {
    viewer,
    taskId,
    nodeId,
    expectedSeq: view.seq,
    expectedAttempt: attempt,
    ...send.identity,
    events,
    state: 'TASK_STATE_WORKING',
    statusAtMs,
    ...subscription,
    ...queueingOfMessage(route, row, send),
  };
  let outcome: ContinueOutcome = 'stale';
  try {
    outcome = await ports.store.continueTask(further);
  } finally {
    // A message that was not recorded uses no quota.
    if (outcome === 'stale') ports.limiter.refundSend(ticket);
  }
  if (outcome === 'stale') return null;
  if (subscription.subscription !== undefined) ports.push.follow(taskId);
  ports.log.publish(
    taskId,
    events.map((event, at) => ({ ...event, seq: view.seq + at + 1 })),
  );
  ports.announce(taskId);
  if (outcome === 'queued') {
    ports.queue.notify(viewer.tenantId, route);
    return { viewer, taskId, run: null, begun };
  }
  const started = {
    taskId,
    nodeId,
    attempt: attempt + 1,
    view: begun,
    route,
    instance,
    ownerId: row.ownerId,
    requestId: send.caller.requestId,
    upstreamTaskId,
    chain: row.chain,
    ...pricing,
    ...runQueueingOf(further),
  };
  const message = upstreamMessage({ ...send, route }, contextIdAtAgent(ports, row), { upstreamTaskId, references });
  return { viewer, taskId, run: ports.runs.start(started, { kind: 'say', message }), begun };
}

/**
 * How the message may wait. A task that a fallback agent works on never waits in the queue of its first agent, which does not know it. The
 * deadline of a task applies to its further messages too, unless they have their own.
 */
function queueingOfMessage(
  route: Route,
  { servedBy, deadlineAtMs }: TaskRow,
  { options }: IdentifiedSend,
): ReturnType<typeof queueingOf> {
  if (servedBy !== null) return {};
  return queueingOf(route, { ...(deadlineAtMs === null ? {} : { deadlineAtMs }), ...options });
}

function assertSameContext(row: TaskRow, request: SendMessageRequest): void {
  const { contextId } = request.message;
  if (contextId !== undefined && contextId !== row.contextId) throw new PlatformError('task.context-mismatch');
}

/** First the status that the task works again, then the message: in this order the agent's question keeps its place in the history. */
function draftMessage(
  { task, seq, logBytes }: TaskView,
  contextId: string,
  request: SendMessageRequest,
  nowMs: number,
): { begun: Pick<TaskView, 'task' | 'seq' | 'logBytes'>; events: readonly TaskEventDraft[] } {
  const nowIso = new Date(nowMs).toISOString();
  const working = statusEvent({ task, contextId, nowIso }, { state: 'TASK_STATE_WORKING' });
  const message = { ...request.message, contextId, taskId: task.id };
  const earlier = task.status.message === undefined ? [] : [task.status.message];
  const events: readonly TaskEventDraft[] = [
    { kind: working.kind, json: JSON.stringify(working.response), state: 'TASK_STATE_WORKING' },
    { kind: 'turn', json: JSON.stringify({ message }) },
  ];
  const history = [...(task.history ?? []), ...earlier, message];
  return {
    begun: {
      task: { ...task, status: { state: 'TASK_STATE_WORKING', timestamp: nowIso }, history },
      seq: seq + events.length,
      logBytes: events.reduce((bytes, { json }) => bytes + json.length, logBytes),
    },
    events,
  };
}

const isActive = ({ admission }: AgentInstance): boolean => admission === 'active';

/** The instance that knows the task; another active one when it is gone. */
export function instanceOf(route: Route, row: Pick<TaskRow, 'instanceId'>): AgentInstance {
  const instance = route.instances.find((one) => one.instanceId === row.instanceId) ?? route.instances.find(isActive);
  if (instance === undefined) throw new PlatformError('upstream.unreachable');
  return instance;
}
