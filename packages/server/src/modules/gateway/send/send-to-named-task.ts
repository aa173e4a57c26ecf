import type { SendMessageRequest } from '@colloquy/protocol';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { continueTask } from './continue-task.ts';
import type { GatewayPorts } from '../ports.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend, IncomingSend } from './send.ts';
import { identifySend } from './send-fingerprint.ts';
import { findNamedTask, identifyNamedSend } from './task-name.ts';

/** Begins a task for a send that is identified. */
export type BeginTask = (send: IdentifiedSend) => Promise<AcceptedSend>;

/**
 * A send whose `taskId` is a name that its caller chose: the first one begins a task, the later ones go on with it. Messages of such
 * callers have no ids of their own, so a send that says what the newest turn said is that turn, repeated, unless the task waits for
 * one.
 */
export async function sendToNamedTask(
  ports: GatewayPorts,
  send: IncomingSend,
  begin: BeginTask,
): Promise<AcceptedSend> {
  const name = send.request.message.taskId ?? '';
  const known = await findNamedTask(ports.store, viewerOfSend(send), name);
  if (known !== null) return continueNamedTask(ports, send, known);
  const { taskId: _name, ...message } = send.request.message;
  const first = { ...send, request: { ...send.request, message } };
  try {
    return await begin({ ...first, identity: identifyNamedSend(first, name) });
  } catch (error) {
    // Another message has begun the task of this name meanwhile.
    if (!hasCode(error, 'task.idempotency-conflict')) throw error;
    const begun = await findNamedTask(ports.store, viewerOfSend(send), name);
    if (begun === null) throw error;
    return continueNamedTask(ports, send, begun);
  }
}

/** A further message to the task of a name. */
export async function continueNamedTask(
  ports: GatewayPorts,
  send: IncomingSend,
  taskId: TaskId,
): Promise<AcceptedSend> {
  const { caller, address, options } = send;
  const request: SendMessageRequest = { ...send.request, message: { ...send.request.message, taskId } };
  const identity = identifySend(caller, address, request, options.idempotencyKey);
  return continueTask(ports, { ...send, request, identity });
}

function hasCode(error: unknown, code: PlatformError['code']): boolean {
  return error instanceof PlatformError && error.code === code;
}
