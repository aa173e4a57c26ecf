import { everything } from '../../../kernel/access-rights.ts';
import { within } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { routerName } from '../../../kernel/router-name.ts';
import { authorize } from '../../access/index.ts';
import type { SendTicket } from '../../limits/index.ts';
import type { AgentInstance } from '../../routing/index.ts';
import type { RecordOutcome } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import type { TaskRun } from '../run/task-run.ts';
import { cacheableSkill } from './cached-work.ts';
import { assertCardDemands } from './card-demands.ts';
import { chooseOrRefuse } from './choose-or-refuse.ts';
import { continueTask } from './continue-task.ts';
import { delegationOf } from './delegated-send.ts';
import { followRepeatedSend, inlineSubscription, judgeInlineConfig } from './inline-push-config.ts';
import { withSkill } from './route-rules.ts';
import { draftTask, findCachedResult } from './new-task.ts';
import type { DraftedTask } from './new-task.ts';
import { contextIdAtAgent, findReferences, upstreamMessage } from './outgoing-message.ts';
import { runQueueingOf } from './queue-place.ts';
import { sendByRouter } from './send-by-router.ts';
import { findEarlierSend, identifySend } from './send-identity.ts';
import { sendToNamedTask } from './send-to-named-task.ts';
import { isLate, lateRefusal, urgencyOf } from './send-urgency.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend, IncomingSend, RoutedSend } from './send.ts';
import { nothingUsed } from './task-prices.ts';

/**
 * Takes a decoded message to a recorded task on which work has begun. Its stages, in this order: authorize, identify, resolve, reserve and
 * record, forward. A send to the router finds its agent first, and then goes through the same stages.
 */
export async function acceptSend(ports: GatewayPorts, incoming: IncomingSend): Promise<AcceptedSend> {
  const accepted = await (incoming.address.agentName === routerName
    ? sendByRouter(ports, incoming, (send) => acceptAtAgent(ports, send))
    : acceptAtAgent(ports, incoming));
  // A repeated send recorded nothing, so its push config is stored apart.
  if (accepted.run === null && accepted.begun === null) await followRepeatedSend(ports, incoming, accepted);
  return accepted;
}

async function acceptAtAgent(ports: GatewayPorts, incoming: IncomingSend): Promise<AcceptedSend> {
  const { caller, address, request } = incoming;
  // Authorize, before any lookup that could reveal what exists.
  authorize(caller, 'task.send', caller.access === everything ? address : withSkill(address, request.message));
  // Validate what the message asks for beside the work itself.
  const urgency = urgencyOf(ports.clock, request.message);
  const options = urgency === null ? incoming.options : { ...incoming.options, ...urgency };
  if (request.configuration?.taskPushNotificationConfig !== undefined) await judgeInlineConfig(ports, incoming);
  const isDelegated = options.delegation !== undefined || options.budgetMicrocredits !== undefined;
  const timed = urgency === null ? incoming : { ...incoming, options };
  const send = isDelegated ? { ...timed, ...(await delegationOf(ports, incoming)) } : timed;
  // Identify: a repeated send, or a further message to a known task, begins no new task.
  if (send.identity !== undefined) return beginOrFind(ports, { ...send, identity: send.identity });
  if (options.namesTask === true) return sendToNamedTask(ports, send, (named) => beginOrFind(ports, named));
  const identified = { ...send, identity: identifySend(caller, address, request, options.idempotencyKey) };
  if (request.message.taskId !== undefined) return continueTask(ports, identified);
  return beginOrFind(ports, identified);
}

/** Begins a task for the send, or finds the task that an earlier copy of the same send began. */
async function beginOrFind(ports: GatewayPorts, send: IdentifiedSend): Promise<AcceptedSend> {
  // When a process dies, thousands of streams reconnect at once. A lookup is shared between readers; a recording locks wallets.
  const known = send.isResumed === true ? await findEarlierSend(ports.store, send) : null;
  if (known !== null) return known;
  const isPast = isLate(ports.clock, send.options);
  try {
    if (isPast) throw lateRefusal(send.request.message);
    const begun = await beginWithBudgets(ports, send);
    if (begun !== null) return begun;
    // The agent of the cached route is gone; another agent may have its name by now.
    ports.routes.forget(send.caller.tenant.id);
    const begunAnew = await beginWithBudgets(ports, send);
    if (begunAnew === null) throw new PlatformError('registry.agent-unknown');
    return begunAnew;
  } catch (error) {
    // A repeated send finds its task although the deadline has passed, or the agent has left, since the first one.
    const isGone = error instanceof PlatformError && error.code === 'registry.agent-unknown';
    const earlier = isGone || isPast ? await findEarlierSend(ports.store, send) : null;
    if (earlier === null) throw error;
    return earlier;
  }
}

/** Prepares the send anew while its tenant's budgets change. Null when the agent of the route takes no messages any more. */
async function beginWithBudgets(ports: GatewayPorts, send: IdentifiedSend): Promise<AcceptedSend | null> {
  for (let reread = 0; reread <= limits.budgetsRereadMax; reread += 1) {
    const begun = await beginTask(ports, send);
    if (begun !== 'outdated') return begun;
    ports.routes.forget(send.caller.tenant.id);
  }
  throw new PlatformError('platform.unavailable');
}

/** Resolve, reserve and record, forward. Null when the agent of the route takes no messages any more; `outdated` when the budgets have changed. */
async function beginTask(ports: GatewayPorts, identified: IdentifiedSend): Promise<AcceptedSend | 'outdated' | null> {
  // Resolve: the agent's route, then an instance.
  const { caller, request, replay } = identified;
  const route = await ports.routes.resolve(caller.tenant.id, identified.address.agentName);
  if (replay !== undefined && replay.agentId !== route.agentId) throw new PlatformError('registry.agent-unknown');
  assertCardDemands(route, identified);
  const send: RoutedSend = { ...identified, route };
  const taskId = ports.ids.next('tsk');
  const references = await referencesOf(ports, send);
  const chosen = await chooseOrRefuse(ports, send, taskId);
  const hit = cacheableSkill(route, request.message) === null ? null : await findCachedResult(ports.results, send);
  // Reserve and record.
  const isFollowed = request.configuration?.taskPushNotificationConfig !== undefined;
  const subscription = isFollowed ? await inlineSubscription(ports, send, taskId) : {};
  const draft = draftTask(ports, send, { taskId, references, chosen, hit, ...subscription });
  // Until the run counts the message.
  using _held = await ports.runs.holdMessage(route, draft.newTask.submitted.length);
  const ticket = ports.limiter.admitSend(caller, route);
  const outcome = await recordInTime(ports, draft, ticket);
  switch (outcome.kind) {
    case 'recorded':
      // Forward.
      return {
        viewer: viewerOfSend(send),
        taskId,
        run: beginRun(ports, draft, outcome),
        begun: { task: draft.task, seq: 1 },
      };
    case 'known':
      if (!outcome.sameRequest) throw new PlatformError('task.idempotency-conflict');
      return { viewer: viewerOfSend(send), taskId: outcome.taskId, run: null, begun: null };
    case 'agent-closed':
      return null;
    case 'outdated':
      return 'outdated';
    case 'over-budget':
      throw new PlatformError('delegation.budget-used');
    case 'budget-exceeded':
      throw budgetExceeded(outcome);
    case 'insufficient':
      throw new PlatformError('credits.insufficient', {
        details: {
          neededMicrocredits: String(outcome.neededMicrocredits),
          availableMicrocredits: String(outcome.availableMicrocredits),
        },
      });
  }
}

function budgetExceeded(refused: Extract<RecordOutcome, { kind: 'budget-exceeded' }>): PlatformError {
  const { budget, endsAtMs } = refused.window;
  return new PlatformError('credits.budget-exceeded', {
    details: {
      budget: budget.name,
      scope: budget.scope,
      ...(budget.subject === '' ? {} : { subject: budget.subject }),
      period: budget.period,
      neededMicrocredits: String(refused.neededMicrocredits),
      leftMicrocredits: String(refused.leftMicrocredits),
      limitMicrocredits: String(budget.limitMicrocredits),
      ...(endsAtMs === null ? {} : { resetsAt: new Date(endsAtMs).toISOString() }),
    },
  });
}

function referencesOf(
  ports: GatewayPorts,
  { caller, route, request }: RoutedSend,
): Promise<readonly string[]> | readonly string[] {
  if (request.message.referenceTaskIds === undefined) return [];
  const { tenantId, agentId } = route;
  return findReferences(ports.store, { tenantId, agentId, ownerId: caller.principal.id }, request.message);
}

/**
 * When a recording takes too long, the caller gets a 503. The recording still finishes, and the task that it recorded is worked on. A send
 * for which nothing was recorded uses no quota.
 */
async function recordInTime(ports: GatewayPorts, draft: DraftedTask, ticket: SendTicket): Promise<RecordOutcome> {
  const recording = ports.store.record(draft.newTask);
  const takeBack = (): void => ports.limiter.refundSend(ticket);
  let outcome: RecordOutcome | null;
  try {
    outcome = await within(ports.clock, limits.recordWaitMs, recording);
  } catch (error) {
    takeBack();
    throw error;
  }
  if (outcome === null) {
    const begin = (late: RecordOutcome): void =>
      late.kind === 'recorded' ? void beginRun(ports, draft, late) : takeBack();
    ports.runs.expect(recording.then(begin, takeBack));
    throw new PlatformError('platform.unavailable');
  }
  if (outcome.kind !== 'recorded') takeBack();
  return outcome;
}

type Recorded = Extract<RecordOutcome, { kind: 'recorded' }>;

/** Null for a task that waits for a concurrency slot: any node with capacity claims it once a slot is free. */
function beginRun(ports: GatewayPorts, draft: DraftedTask, recorded: Recorded): TaskRun | null {
  const { tenantId, taskId, subscription } = draft.newTask;
  if (subscription !== undefined) ports.push.follow(taskId);
  if (recorded.isQueued !== true) return startRun(ports, draft, recorded);
  // A slot may have become free while the task was being queued.
  ports.queue.notify(tenantId, draft.route);
  return null;
}

function startRun(ports: GatewayPorts, draft: DraftedTask, { budgetLeft, isContextUnmapped }: Recorded): TaskRun {
  const { newTask, task, route, chosen, references, hit } = draft;
  const { taskId, nodeId } = newTask;
  const started = {
    taskId,
    nodeId,
    attempt: 1,
    view: { task, seq: 1, logBytes: newTask.submitted.length },
    route,
    instance: chosen.instance,
    ...(chosen.refusal === null ? {} : { refusal: chosen.refusal }),
    ...(chosen.prices === null ? {} : { pricing: { prices: chosen.prices, before: nothingUsed } }),
    ownerId: newTask.ownerId,
    requestId: newTask.requestId,
    upstreamTaskId: null,
    ...(newTask.delegation === undefined
      ? {}
      : { chain: { ...newTask.delegation.chain, ...(budgetLeft === undefined ? {} : { budgetLeft }) } }),
    ...runQueueingOf(newTask),
  };
  if (hit !== null) return ports.runs.give(started, hit.found);
  const contextId = contextIdAtAgent(ports, { ...newTask, isContextUnmapped: isContextUnmapped === true });
  if (chosen.mirrorTo !== null) mirror(ports, draft, { instance: chosen.mirrorTo, contextId });
  const message = upstreamMessage(draft, contextId, { upstreamTaskId: null, references });
  return ports.runs.start(started, { kind: 'say', message });
}

/** Copies the send to a shadow instance, which knows neither the agent's tasks nor their ids. */
function mirror(
  ports: GatewayPorts,
  draft: DraftedTask,
  { instance, contextId }: { readonly instance: AgentInstance; readonly contextId: string },
): void {
  const { ownerId: subject, requestId } = draft.newTask;
  const message = upstreamMessage(draft, contextId, { upstreamTaskId: null, references: [] });
  ports.mirrors.copy({ route: draft.route, instance, subject, requestId, message });
}
