import type { Message, SendMessageRequest, Task } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { within } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId, uuidOf } from '../../kernel/ids.ts';
import type { TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { authorize } from '../access/index.ts';
import { decideRoute } from '../routing/index.ts';
import type { AgentInstance, Route } from '../routing/index.ts';
import type { NewTask, RecordOutcome, TaskViewer } from '../tasks/index.ts';
import { continueTask } from './continue-task.ts';
import type { AgentAddress, GatewayPorts } from './ports.ts';
import { identifySend } from './send-fingerprint.ts';
import type { TaskRun } from './task-run.ts';

export interface SendOptions {
  /** From the Idempotency-Key header; 1 to `limits.callerIdCharsMax` characters. */
  readonly idempotencyKey?: string;
}

/** A send that is on record. `run` is null when somebody else works on it, or nobody needs to any more. */
export interface DispatchedSend {
  readonly viewer: TaskViewer;
  readonly taskId: TaskId;
  readonly run: TaskRun | null;
  /** The task as a further turn found it; null for a new or repeated send, whose log is told from its beginning. */
  readonly turn: { readonly task: Task; readonly seq: number } | null;
}

/** Stages one to five: the send is admitted, routed, allowed, reserved and recorded, and work on it has begun. */
export async function dispatchSend(
  ports: GatewayPorts,
  caller: Caller,
  address: AgentAddress,
  request: SendMessageRequest,
  options: SendOptions,
): Promise<DispatchedSend> {
  authorize(caller, 'task.send', { tenantSlug: address.tenantSlug });
  if (request.configuration?.taskPushNotificationConfig !== undefined) throw new PlatformError('task.push-unsupported');
  const route = await ports.routes.resolve(caller.tenant.id, address.agentName);
  const identity = identifySend(caller, route.agentId, request, options.idempotencyKey);
  if (request.message.taskId !== undefined) return continueTask(ports, caller, route, request, identity);

  const draft = draftTask(ports, caller, route, request, identity);
  const outcome = await recordInTime(ports, draft);
  const viewer = { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentId: route.agentId };
  if (outcome.kind === 'recorded')
    return { viewer, taskId: draft.newTask.taskId, run: startRun(ports, draft), turn: null };
  if (outcome.kind === 'known' && outcome.sameRequest) return { viewer, taskId: outcome.taskId, run: null, turn: null };
  throw refusal(outcome);
}

/** Everything about a send that the recording and the work need. */
interface DraftedTask {
  readonly newTask: NewTask;
  readonly task: Task;
  readonly route: Route;
  readonly instance: AgentInstance;
  readonly request: SendMessageRequest;
}

function draftTask(
  ports: GatewayPorts,
  caller: Caller,
  route: Route,
  request: SendMessageRequest,
  identity: { keyHash: string; fingerprint: string },
): DraftedTask {
  const taskId = ports.ids.next('tsk');
  const contextId = request.message.contextId ?? ports.ids.next('ctx');
  const { decision, instance } = decideRoute(route, uuidOf(taskId));
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
    instanceId: instance.instanceId,
    ownerId: caller.principal.id,
    requestId: caller.requestId,
    nodeId: ports.nodeId(),
    keyHash: identity.keyHash,
    fingerprint: identity.fingerprint,
    reserveMicrocredits: route.priceMicrocredits,
    decision: JSON.stringify(decision),
    sendOptions: encodeSendOptions(request),
    submitted: JSON.stringify({ task }),
    statusAtMs,
  };
  return { newTask, task, route, instance, request };
}

/** What is said beside the message: kept so that another node can say the same. */
export function encodeSendOptions(request: SendMessageRequest): string | null {
  const modes = request.configuration?.acceptedOutputModes;
  if (modes === undefined && request.metadata === undefined) return null;
  return JSON.stringify({
    ...(modes === undefined ? {} : { configuration: { acceptedOutputModes: modes } }),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  });
}

/** The message as the agent gets it: in our context, under the agent's own task id, without ids that mean nothing to it. */
export function messageForAgent(message: Message, contextId: string, upstreamTaskId: string | null): Message {
  const { taskId: _ours, referenceTaskIds: _foreign, ...rest } = message;
  return { ...rest, contextId, ...(upstreamTaskId === null ? {} : { taskId: upstreamTaskId }) };
}

/** A recording that takes too long is answered 503, yet it still finishes, and what it recorded is worked on. */
async function recordInTime(ports: GatewayPorts, draft: DraftedTask): Promise<RecordOutcome> {
  const recording = ports.store.record(draft.newTask);
  const outcome = await within(ports.clock, limits.recordWaitMs, recording);
  if (outcome !== null) return outcome;
  recording.then(
    (late) => late.kind === 'recorded' && startRun(ports, draft),
    () => undefined,
  );
  throw new PlatformError('platform.unavailable');
}

function startRun(ports: GatewayPorts, { newTask, task, route, instance, request }: DraftedTask): TaskRun {
  const { taskId, nodeId, contextId } = newTask;
  return ports.runs.start(
    {
      taskId,
      nodeId,
      attempt: 1,
      view: { task, seq: 1 },
      route,
      instance,
      ownerId: newTask.ownerId,
      requestId: newTask.requestId,
      upstreamTaskId: null,
    },
    { kind: 'say', message: upstreamMessage(request, contextId, null) },
  );
}

/** A turn as it is said to the agent. */
export function upstreamMessage(request: SendMessageRequest, contextId: string, upstreamTaskId: string | null) {
  const modes = request.configuration?.acceptedOutputModes;
  return {
    message: messageForAgent(request.message, contextId, upstreamTaskId),
    ...(modes === undefined ? {} : { configuration: { acceptedOutputModes: modes } }),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  };
}

function refusal(outcome: Exclude<RecordOutcome, { kind: 'recorded' }>): PlatformError {
  if (outcome.kind === 'known') return new PlatformError('task.idempotency-conflict');
  if (outcome.kind === 'agent-closed') return new PlatformError('registry.agent-unknown');
  return new PlatformError('credits.insufficient', {
    details: {
      neededMicrocredits: String(outcome.neededMicrocredits),
      availableMicrocredits: String(outcome.availableMicrocredits),
    },
  });
}

/** The id in a request, or the same error as for a task that does not exist. */
export function taskIdOf(id: string): TaskId {
  if (!isId('tsk', id)) throw new PlatformError('task.unknown');
  return id;
}
