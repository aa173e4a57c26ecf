import { isTerminal } from '@colloquy/protocol';
import type { Message, SendMessageRequest, Task } from '@colloquy/protocol';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { taskMachine } from '../../tasks/index.ts';
import type { ContinueTask, TaskEventDraft, TaskRow, TaskStore, TaskView, ContinueOutcome } from '../../tasks/index.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import { untilRest } from '../view/await-rest.ts';
import { assertCardDemands } from './card-demands.ts';
import { findEarlierSend } from './find-earlier-send.ts';
import { findReferences } from './find-references.ts';
import { assertRoomAtTask, inlineSubscription } from './inline-push-config.ts';
import { upstreamMessage } from './outgoing-message.ts';
import { dispatchOf, runDispatchOf } from './queue-place.ts';
import type { GatewayPorts } from '../ports.ts';
import { findVisibleTask, readView } from '../view/read-task.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend } from './send.ts';
import { taskIdOf } from '../view/task-id-of.ts';
import { isLate, lateRefusal } from './send-urgency.ts';
import { statusEvent } from '../run/translate-answer.ts';

/**
 * A further turn of a task. The task keeps its reservation; nothing more is charged. While the agent works, the message waits for the
 * task to ask: it is taken, and so acknowledged, only then. Throws `task.ended` when the task ended instead, and `task.busy` when it
 * did neither in time; then the message was not taken, and can be sent again.
 */
export async function continueTask(ports: GatewayPorts, send: IdentifiedSend): Promise<AcceptedSend> {
  const { clock } = ports;
  const viewer = viewerOfSend(send);
  const taskId = taskIdOf(send.request.message.taskId ?? '');
  // Who wants an answer at once is not kept waiting for one.
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
      const view = await readView(ports.store, viewer.tenantId, taskId);
      const taken = await takeTurn(ports, send, row, view);
      if (taken !== null) return taken;
    } else if (await repeatsNewestTurn(ports.store, send, row)) {
      return { viewer, taskId, run: null, begun: null };
    }
    // Perhaps the same turn was sent twice at once, and the other was first.
    const first = await findEarlierSend(ports.store, send);
    if (first !== null) return first;
    const leftMs = untilMs - clock.monotonicMs();
    if (isTerminal(row.state)) throw new PlatformError('task.ended');
    if (leftMs <= 0) throw new PlatformError('task.busy');
    // A task that asked a moment ago is looked at again at once: another turn was first.
    if (!isAsking) await untilRest(ports, send.caller, row, leftMs);
  }
}

/**
 * Whether a send to a task that asks nothing says what its newest turn said. Callers that name their tasks have no ids for their
 * messages, so such a send is that turn, repeated; it is no answer to what the agent may ask later.
 */
async function repeatsNewestTurn(
  store: Pick<TaskStore, 'readTail'>,
  { options, request }: IdentifiedSend,
  { tenantId, taskId }: TaskRow,
): Promise<boolean> {
  if (options.namesTask !== true) return false;
  const { task } = await readView(store, tenantId, taskId);
  const newest = task.history?.findLast(({ role }) => role === 'ROLE_USER');
  return newest !== undefined && contentOf(newest) === contentOf(request.message);
}

/** What a message says, without the ids that it was given. */
function contentOf({ parts, metadata }: Message): string {
  return JSON.stringify([parts, metadata]);
}

/** Records the turn and begins to work on it; null when the task is no longer as it was seen. */
async function takeTurn(
  ports: GatewayPorts,
  send: IdentifiedSend,
  row: TaskRow,
  view: TaskView,
): Promise<AcceptedSend | null> {
  const viewer = viewerOfSend(send);
  const { taskId, contextId, upstreamTaskId, attempt } = row;
  const nodeId = ports.nodeId();
  // The agent that asked, not whichever has its name by now.
  const route = await ports.routes.resolveAgent(viewer.tenantId, viewer.agentName, row.servedBy ?? row.agentId);
  assertCardDemands(route, send);
  const references = await findReferences(ports.store, { ...row, agentId: route.agentId }, send.request.message);
  const statusAtMs = ports.clock.nowMs();
  const instance = instanceOf(route, row);
  await assertRoomAtTask(ports, send, taskId);
  const subscription = await inlineSubscription(ports, send, taskId);
  const ticket = ports.limiter.admitSend(send.caller, route);
  const { task, events } = draftTurn(view.task, contextId, send.request, statusAtMs);
  const turn: ContinueTask = {
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
    ...placeOfTurn(route, row, send),
  };
  let outcome: ContinueOutcome = 'stale';
  try {
    outcome = await ports.store.continueTask(turn);
  } finally {
    // What failed is tried again, and counted then.
    if (outcome === 'stale') ports.limiter.takeBack(ticket);
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
    return { viewer, taskId, run: null, begun: { task, seq: view.seq + events.length } };
  }
  const logBytes = events.reduce((bytes, { json }) => bytes + json.length, view.logBytes);
  const begun = { task, seq: view.seq + events.length, logBytes };
  const run = ports.runs.start(
    {
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
      ...runDispatchOf(turn),
    },
    { kind: 'say', message: upstreamMessage({ ...send, route }, contextId, { upstreamTaskId, references }) },
  );
  return { viewer, taskId, run, begun };
}

/**
 * Of a task that another agent does, a place would be one in the queue of an agent that does not know it. The deadline of a task holds for
 * its later turns too, unless they bring their own.
 */
function placeOfTurn(
  route: Route,
  { servedBy, deadlineAtMs }: TaskRow,
  { options }: IdentifiedSend,
): ReturnType<typeof dispatchOf> {
  if (servedBy !== null) return {};
  return dispatchOf(route, { ...(deadlineAtMs === null ? {} : { deadlineAtMs }), ...options });
}

function assertSameContext(row: TaskRow, request: SendMessageRequest): void {
  const { contextId } = request.message;
  if (contextId !== undefined && contextId !== row.contextId) throw new PlatformError('task.context-mismatch');
}

/** The task is at work again, then the user's words: in this order the agent's question keeps its place in the history. */
function draftTurn(
  task: Task,
  contextId: string,
  request: SendMessageRequest,
  nowMs: number,
): { task: Task; events: readonly TaskEventDraft[] } {
  const nowIso = new Date(nowMs).toISOString();
  const working = statusEvent({ task, contextId, nowIso }, { state: 'TASK_STATE_WORKING' });
  const message = { ...request.message, contextId, taskId: task.id };
  const earlier = task.status.message === undefined ? [] : [task.status.message];
  return {
    task: {
      ...task,
      status: { state: 'TASK_STATE_WORKING', timestamp: nowIso },
      history: [...(task.history ?? []), ...earlier, message],
    },
    events: [
      { kind: working.kind, json: JSON.stringify(working.response), state: 'TASK_STATE_WORKING' },
      { kind: 'turn', json: JSON.stringify({ message }) },
    ],
  };
}

const isActive = ({ admission }: AgentInstance): boolean => admission === 'active';

/** The instance that knows the task; another one when it is gone. */
export function instanceOf(route: Route, row: Pick<TaskRow, 'instanceId'>): AgentInstance {
  const instance = route.instances.find((one) => one.instanceId === row.instanceId) ?? route.instances.find(isActive);
  if (instance === undefined) throw new PlatformError('upstream.unreachable');
  return instance;
}
