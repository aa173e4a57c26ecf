import type { CancelTaskRequest, GetTaskRequest, JsonObject, SendMessageRequest } from '../model/index.ts';
import type { CancelParams, CreateParams, GetParams, SendParams } from './calls.ts';
import { mark, priorities } from './names.ts';

const priorityMark = mark('priority');
const reasonMark = mark('cancelReason');

/** `tasks.create` as a send of the model that begins a task and answers at once. The choice of the agent is the caller's to make. */
export function sendRequestOfCreate({ initialMessage, priority, metadata }: CreateParams): SendMessageRequest {
  const kept: JsonObject = { ...metadata, ...(priority === undefined ? {} : { [priorityMark]: priority }) };
  return {
    message: initialMessage,
    configuration: { returnImmediately: true },
    ...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
  };
}

/** `tasks.send` as a send of the model to a task that exists. */
export function sendRequestOf({ taskId, message }: SendParams): SendMessageRequest {
  return { message: { ...message, taskId }, configuration: { returnImmediately: true } };
}

/** `tasks.get` as a request of the model. */
export function getRequestOf({ taskId, includeMessages }: GetParams): GetTaskRequest {
  return { id: taskId, ...(includeMessages ? {} : { historyLength: 0 }) };
}

/** `tasks.cancel` as a request of the model. */
export function cancelRequestOf({ taskId, reason }: CancelParams): CancelTaskRequest {
  return { id: taskId, ...(reason === undefined ? {} : { metadata: { [reasonMark]: reason } }) };
}

/** A send of the model that begins a task, as `tasks.create`. */
export function createParamsOf({ message, metadata = {} }: SendMessageRequest, assignTo?: string): CreateParams {
  const { [priorityMark]: marked, ...kept } = metadata;
  const priority = priorities.find((known) => known === marked);
  return {
    initialMessage: message,
    ...(assignTo === undefined ? {} : { assignTo }),
    ...(priority === undefined ? {} : { priority }),
    ...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
  };
}

/** A get of the model, as `tasks.get`. */
export function getParamsOf({ id, historyLength }: GetTaskRequest): GetParams {
  return { taskId: id, includeMessages: historyLength !== 0, includeArtifacts: true };
}

/** A cancel of the model, as `tasks.cancel`. */
export function cancelParamsOf({ id, metadata }: CancelTaskRequest): CancelParams {
  const reason = metadata?.[reasonMark];
  return { taskId: id, ...(typeof reason === 'string' ? { reason } : {}) };
}
