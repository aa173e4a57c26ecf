import type { SendMessageRequest, Task } from '@colloquy/protocol';
import { everything } from '../../../kernel/access-rights.ts';
import { within } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { authorize } from '../../access/index.ts';
import type { SendTicket } from '../../limits/index.ts';
import { routedDecision } from '../../routing/index.ts';
import { placeOfSend, runDispatchOf } from './queue-place.ts';
import { replayEntry } from './replay-entry.ts';
import type { ResultHit } from '../../results/index.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import type { NewTask, RecordOutcome } from '../../tasks/index.ts';
import { cacheableSkill, hitPrice, spotOf } from './cached-work.ts';
import { assertCardDemands } from './card-demands.ts';
import { continueTask } from './continue-task.ts';
import { delegationOf, taskDelegation } from './delegated-send.ts';
import { sendToNamedTask } from './send-to-named-task.ts';
import { sendByRouter } from './send-by-router.ts';
import { findEarlierSend } from './find-earlier-send.ts';
import { findReferences } from './find-references.ts';
import { inlineSubscription, judgeInlineConfig } from './inline-push-config.ts';
import { encodeSendOptions, upstreamMessage } from './outgoing-message.ts';
import type { GatewayPorts } from '../ports.ts';
import { chooseOrRefuse } from './choose-or-refuse.ts';
import type { Chosen } from './choose-or-refuse.ts';
import { viewerOfSend } from './send.ts';
import { withSkill } from './named-skill.ts';
import type { AcceptedSend, IdentifiedSend, IncomingSend, RoutedSend, SendOptions } from './send.ts';
import { identifySend } from './send-fingerprint.ts';
import { isLate, lateRefusal, urgencyOf } from './send-urgency.ts';
import type { TaskRun } from '../run/task-run.ts';

/** Stages one to five: the send is admitted, routed, allowed, reserved and recorded, and work on it has begun. */
export function acceptSend(ports: GatewayPorts, incoming: IncomingSend): Promise<AcceptedSend> {
  if (incoming.address.agentName !== routerName) return dispatchToAgent(ports, incoming);
  return sendByRouter(ports, incoming, (send) => dispatchToAgent(ports, send));
}

async function dispatchToAgent(ports: GatewayPorts, incoming: IncomingSend): Promise<AcceptedSend> {
  const { caller, address, request } = incoming;
  authorize(caller, 'task.send', caller.access === everything ? address : withSkill(address, request.message));
  const urgency = urgencyOf(ports.clock, request.message);
  const options = urgency === null ? incoming.options : { ...incoming.options, ...urgency };
  if (request.configuration?.taskPushNotificationConfig !== undefined) await judgeInlineConfig(ports, incoming);
  const isDelegated = options.delegation !== undefined || options.budgetMicrocredits !== undefined;
  const wished = urgency === null ? incoming : { ...incoming, options };
  const send = isDelegated ? { ...wished, ...(await delegationOf(ports, incoming)) } : wished;
  if (send.identity !== undefined) return beginOrFind(ports, { ...send, identity: send.identity });
  if (options.namesTask === true) return sendToNamedTask(ports, send, (named) => beginOrFind(ports, named));
  const identified = { ...send, identity: identifySend(caller, address, request, options.idempotencyKey) };
  if (request.message.taskId !== undefined) return continueTask(ports, identified);
  return beginOrFind(ports, identified);
}

async function beginOrFind(ports: GatewayPorts, identified: IdentifiedSend): Promise<AcceptedSend> {
  // Thousands come back at once when another process is gone: a look is shared with other readers, a recording locks wallets.
  const known = identified.isResumed === true ? await findEarlierSend(ports.store, identified) : null;
  if (known !== null) return known;
  const isPast = isLate(ports.clock, identified.options);
  try {
    if (isPast) throw lateRefusal(identified.request.message);
    return await sendToAgent(ports, identified);
  } catch (error) {
    // What was sent in time, or before its agent left, is found again by who repeats it.
    const isGone = error instanceof PlatformError && error.code === 'registry.agent-unknown';
    const earlier = isGone || isPast ? await findEarlierSend(ports.store, identified) : null;
    if (earlier === null) throw error;
    return earlier;
  }
}

async function sendToAgent(ports: GatewayPorts, send: IdentifiedSend): Promise<AcceptedSend> {
  const begun = await beginTask(ports, await routeSend(ports, send));
  if (begun !== null) return begun;
  // The agent of the known route is gone; another one may have its name by now.
  ports.routes.forget(send.caller.tenant.id);
  const begunAnew = await beginTask(ports, await routeSend(ports, send));
  if (begunAnew === null) throw new PlatformError('registry.agent-unknown');
  return begunAnew;
}

async function routeSend(ports: GatewayPorts, send: IdentifiedSend): Promise<RoutedSend> {
  const route = await ports.routes.resolve(send.caller.tenant.id, send.address.agentName);
  const { replay } = send;
  if (replay !== undefined && replay.agentId !== route.agentId) throw new PlatformError('registry.agent-unknown');
  assertCardDemands(route, send);
  return { ...send, route };
}

/** Null when the agent takes no messages any more. */
async function beginTask(ports: GatewayPorts, send: RoutedSend): Promise<AcceptedSend | null> {
  const taskId = ports.ids.next('tsk');
  const references = await referencesOf(ports, send);
  const decided = await chooseOrRefuse(ports, send, taskId);
  const isFollowed = send.request.configuration?.taskPushNotificationConfig !== undefined;
  const subscription = isFollowed ? await inlineSubscription(ports, send, taskId) : {};
  const isCacheable = cacheableSkill(send.route, send.request.message) !== null;
  const hit = isCacheable ? await findHit(ports, send) : null;
  const draft = draftTask(ports, send, { taskId, references, decided, hit, ...subscription });
  const ticket = ports.limiter.admitSend(send.caller, send.route);
  const outcome = await recordInTime(ports, draft, ticket);
  const viewer = viewerOfSend(send);
  if (outcome.kind === 'recorded') {
    const begun = { task: draft.task, seq: 1 };
    return { viewer, taskId: draft.newTask.taskId, run: beginRun(ports, draft, outcome), begun };
  }
  if (outcome.kind === 'known' && outcome.sameRequest)
    return { viewer, taskId: outcome.taskId, run: null, begun: null };
  if (outcome.kind === 'agent-closed') return null;
  throw refusal(outcome);
}

function referencesOf(
  ports: GatewayPorts,
  { caller, route, request }: RoutedSend,
): Promise<readonly string[]> | readonly string[] {
  if (request.message.referenceTaskIds === undefined) return [];
  const { tenantId, agentId } = route;
  return findReferences(ports.store, { tenantId, agentId, ownerId: caller.principal.id }, request.message);
}

/** A result that ends the task without a call. */
async function findHit(ports: GatewayPorts, send: RoutedSend): Promise<ResultHit | null> {
  const { route, caller, request, delegation } = send;
  const outgoing = upstreamMessage(send, '', { upstreamTaskId: null, references: [] });
  const spot = await spotOf(ports.results, {
    route,
    ownerId: caller.principal.id,
    isDelegated: delegation !== undefined,
    message: { ...outgoing, message: request.message },
  });
  return spot === null ? null : ports.results.find(spot);
}

/** The decision as JSON; of a hit it says that its instance was not called, and of a replay which letter it says again. */
function decisionOf({ routed, replay }: RoutedSend, decided: Chosen, hit: ResultHit | null): string {
  const chosen = routed === undefined ? decided.json : routedDecision(decided, routed);
  const json = replay === undefined ? chosen : `${chosen.slice(0, -1)},"replayOf":"${replay.taskId}"}`;
  return hit === null ? json : `${json.slice(0, -1)},"result":"${hit.found.isStale ? 'stale' : 'fresh'}"}`;
}

/** Everything about a send that the recording and the work need. */
interface DraftedTask {
  readonly newTask: NewTask;
  readonly task: Task;
  readonly route: Route;
  readonly decided: Chosen;
  readonly options: SendOptions;
  readonly request: SendMessageRequest;
  readonly references: readonly string[];
  /** What ends the task without a call; null for none. */
  readonly hit: ResultHit | null;
}

function draftTask(
  ports: GatewayPorts,
  send: RoutedSend,
  {
    taskId,
    references,
    decided,
    hit,
    subscription,
  }: Pick<DraftedTask, 'references' | 'decided' | 'hit'> & Pick<NewTask, 'taskId' | 'subscription'>,
): DraftedTask {
  const { caller, route, request, identity } = send;
  const contextId = request.message.contextId ?? ports.ids.next('ctx');
  const statusAtMs = ports.clock.nowMs();
  const task: Task = {
    id: taskId,
    contextId,
    status: { state: 'TASK_STATE_SUBMITTED', timestamp: new Date(statusAtMs).toISOString() },
    history: [{ ...request.message, contextId, taskId }],
  };
  const newTask: NewTask = {
    tenantId: caller.tenant.id,
    taskId,
    contextId,
    agentId: route.agentId,
    agentName: route.agentName,
    instanceId: decided.instance.instanceId,
    ownerId: caller.principal.id,
    requestId: caller.requestId,
    nodeId: ports.nodeId(),
    keyHash: identity.keyHash,
    fingerprint: identity.fingerprint,
    reserveMicrocredits: hit === null ? decided.reserveMicrocredits : hitPrice(route, hit),
    decision: decisionOf(send, decided, hit),
    sendOptions: encodeSendOptions(send),
    submitted: JSON.stringify({ task }),
    statusAtMs,
    ...(subscription === undefined ? {} : { subscription }),
    ...(send.options.namesTask === true ? { isNamed: true } : {}),
    ...(send.replay === undefined ? {} : { replayed: replayEntry(ports.ids, send.replay, taskId) }),
    ...(send.delegation === undefined ? {} : { delegation: taskDelegation(send.delegation, taskId) }),
    ...placeOfSend(route, send.options, { isHit: hit !== null, isRefused: decided.refusal !== null }),
  };
  return { newTask, task, route, decided, request, references, hit, options: send.options };
}

/**
 * A recording that takes too long is answered 503, yet it still finishes, and what it recorded is worked on. A send of which nothing was
 * recorded uses no quota.
 */
async function recordInTime(ports: GatewayPorts, draft: DraftedTask, ticket: SendTicket): Promise<RecordOutcome> {
  const recording = ports.store.record(draft.newTask);
  const takeBack = (): void => ports.limiter.takeBack(ticket);
  let outcome: RecordOutcome | null;
  try {
    outcome = await within(ports.clock, limits.recordWaitMs, recording);
  } catch (error) {
    takeBack();
    throw error;
  }
  if (outcome === null) {
    recording.then((late) => (late.kind === 'recorded' ? void beginRun(ports, draft, late) : takeBack()), takeBack);
    throw new PlatformError('platform.unavailable');
  }
  if (outcome.kind !== 'recorded') takeBack();
  return outcome;
}

/** Null for a task that waits for a slot: whoever has room claims it when one is free. */
function beginRun(ports: GatewayPorts, draft: DraftedTask, recorded: Recorded): TaskRun | null {
  if (recorded.isQueued !== true) return startRun(ports, draft, recorded);
  const { tenantId, taskId, subscription } = draft.newTask;
  if (subscription !== undefined) ports.push.follow(taskId);
  // A slot may have become free while the task was on its way into the queue.
  ports.queue.notify(tenantId, draft.route);
  return null;
}

function startRun(ports: GatewayPorts, draft: DraftedTask, { budgetLeft }: Recorded): TaskRun {
  const { newTask, task, route, decided, references, hit } = draft;
  const { taskId, nodeId, contextId } = newTask;
  if (newTask.subscription !== undefined) ports.push.follow(taskId);
  const started = {
    taskId,
    nodeId,
    attempt: 1,
    view: { task, seq: 1, logBytes: newTask.submitted.length },
    route,
    instance: decided.instance,
    ...(decided.refusal === null ? {} : { refusal: decided.refusal }),
    ownerId: newTask.ownerId,
    requestId: newTask.requestId,
    upstreamTaskId: null,
    ...(newTask.delegation === undefined
      ? {}
      : { chain: { ...newTask.delegation.chain, ...(budgetLeft === undefined ? {} : { budgetLeft }) } }),
    ...runDispatchOf(newTask),
  };
  // What is given was reserved at its own price.
  if (hit !== null) return ports.runs.give(started, hit.found);
  if (decided.mirrorTo !== null) mirror(ports, draft, decided.mirrorTo);
  const message = upstreamMessage(draft, contextId, { upstreamTaskId: null, references });
  return ports.runs.start(started, { kind: 'say', message });
}

/** The shadow knows neither the agent's tasks nor their ids. */
function mirror(ports: GatewayPorts, draft: DraftedTask, instance: AgentInstance): void {
  const { contextId, ownerId: subject, requestId } = draft.newTask;
  const message = upstreamMessage(draft, contextId, { upstreamTaskId: null, references: [] });
  ports.mirrors.copy({ route: draft.route, instance, subject, requestId, message });
}

type Recorded = Extract<RecordOutcome, { kind: 'recorded' }>;

function refusal(outcome: Exclude<RecordOutcome, { kind: 'recorded' | 'agent-closed' }>): PlatformError {
  if (outcome.kind === 'known') return new PlatformError('task.idempotency-conflict');
  if (outcome.kind === 'over-budget') return new PlatformError('delegation.budget-used');
  return new PlatformError('credits.insufficient', {
    details: {
      neededMicrocredits: String(outcome.neededMicrocredits),
      availableMicrocredits: String(outcome.availableMicrocredits),
    },
  });
}
