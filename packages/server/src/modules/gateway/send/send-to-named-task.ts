import type { SendMessageRequest } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { digest128 } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import type { TaskStore, TaskViewer } from '../../tasks/index.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
import { continueTask } from './continue-task.ts';
import { identifySend } from './send-identity.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend, IncomingSend, SendIdentity } from './send.ts';

/** Begins a task for a send that is identified. */
export type BeginTask = (send: IdentifiedSend) => Promise<AcceptedSend>;

/**
 * Accepts a send whose `taskId` is a name that its caller chose, as callers of early wires do: the first send of a name begins a task, later
 * ones continue it. Messages of such callers have no ids of their own. A send with the content of the newest message is therefore that
 * message, repeated, unless the task waits for a message.
 */
export async function sendToNamedTask(
  ports: GatewayPorts,
  send: IncomingSend,
  begin: BeginTask,
): Promise<AcceptedSend> {
  const name = send.request.message.taskId ?? '';
  const known = await findNamedTask(ports.store, viewerOfSend(send), name);
  if (known !== null) return continueNamedTask(ports, send, known);
  const first = firstOfName(send, name);
  try {
    return await begin(first);
  } catch (error) {
    // A concurrent message has begun the task of this name meanwhile.
    const isConflict = error instanceof PlatformError && error.code === 'task.idempotency-conflict';
    const begun = isConflict ? await findNamedTask(ports.store, viewerOfSend(send), name) : null;
    if (begun === null) throw error;
    return continueNamedTask(ports, send, begun);
  }
}

/** Sends a further message to the task of a name. */
async function continueNamedTask(ports: GatewayPorts, send: IncomingSend, taskId: TaskId): Promise<AcceptedSend> {
  const { caller, address, options } = send;
  const request: SendMessageRequest = { ...send.request, message: { ...send.request.message, taskId } };
  const identity = identifySend(caller, address, request, options.idempotencyKey);
  return continueTask(ports, { ...send, request, identity });
}

/**
 * The first send of a name, without the name as its task id. The name alone is its idempotency key, so however many messages come for a name
 * at once, one task begins. The message's own id is no part of the fingerprint: the caller did not choose it.
 */
export function firstOfName(send: IncomingSend, name: string): IdentifiedSend {
  const { taskId: _name, ...message } = send.request.message;
  const identity: SendIdentity = {
    keyHash: nameHash(viewerOfSend(send), name),
    fingerprint: digest128(JSON.stringify([message.parts, message.metadata, send.request.metadata])),
  };
  return { ...send, request: { ...send.request, message }, identity };
}

/** The task with this name, or with this id when the name is one; null when the caller may see no such task. */
export async function findNamedTask(
  store: Pick<TaskStore, 'find' | 'findNamed'>,
  viewer: TaskViewer,
  name: string,
): Promise<TaskId | null> {
  const named = await store.findNamed(viewer.tenantId, nameHash(viewer, name));
  if (named !== null || !isId('tsk', name)) return named;
  return (await store.find(viewer, name))?.taskId ?? null;
}

/**
 * The id of the task that a caller of an early wire named, or the name itself when there is no such task. It authorizes nothing and reveals
 * nothing: the operation that follows judges the caller, and knows no task by a name.
 */
export function resolveTaskName(ports: Pick<GatewayPorts, 'store'>) {
  return async (caller: Caller, { agentName }: AgentAddress, name: string): Promise<string> => {
    const viewer = { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentName };
    return (await findNamedTask(ports.store, viewer, name)) ?? name;
  };
}

/** A caller's names are its own, at one address. */
function nameHash({ tenantId, ownerId, agentName }: TaskViewer, name: string): string {
  return digest128(JSON.stringify([ownerId, tenantId, agentName, 'n', name]));
}
