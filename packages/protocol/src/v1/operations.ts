import type {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
} from '../model/index.ts';
import {
  decodeCancelTaskRequest,
  decodeGetTaskRequest,
  decodeListTasksRequest,
  decodeSendMessageRequest,
  decodeSubscribeToTaskRequest,
} from './decode-request.ts';
import type { DecodeLimits } from './limits.ts';

/** The task operations of A2A 1.0: JSON-RPC methods and gRPC calls bear the same names. */
export const taskOperations = [
  'SendMessage',
  'SendStreamingMessage',
  'GetTask',
  'ListTasks',
  'CancelTask',
  'SubscribeToTask',
] as const;

/** Operations behind a card capability (push notifications, extended card). */
export const optionalOperations = [
  'CreateTaskPushNotificationConfig',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'DeleteTaskPushNotificationConfig',
  'GetExtendedAgentCard',
] as const;

/** An operation on messages and tasks. */
export type TaskOperation = (typeof taskOperations)[number];

/** Any operation of A2A 1.0. */
export type Operation = TaskOperation | (typeof optionalOperations)[number];

const operations: ReadonlySet<string> = new Set([...taskOperations, ...optionalOperations]);
const taskOperationNames: ReadonlySet<string> = new Set(taskOperations);

/** The operation a JSON-RPC method names, or undefined. Names are case-sensitive; those of older versions are unknown. */
export function operationOfMethod(method: string): Operation | undefined {
  return isOperation(method) ? method : undefined;
}

/** Whether an operation is one that {@link decodeOperation} decodes. */
export function isTaskOperation(operation: Operation): operation is TaskOperation {
  return taskOperationNames.has(operation);
}

/** Whether an operation answers with a stream. */
export function isStreaming(operation: Operation): boolean {
  return operation === 'SendStreamingMessage' || operation === 'SubscribeToTask';
}

/** A decoded request with its operation. */
export type OperationRequest =
  | { readonly operation: 'SendMessage' | 'SendStreamingMessage'; readonly request: SendMessageRequest }
  | { readonly operation: 'GetTask'; readonly request: GetTaskRequest }
  | { readonly operation: 'ListTasks'; readonly request: ListTasksRequest }
  | { readonly operation: 'CancelTask'; readonly request: CancelTaskRequest }
  | { readonly operation: 'SubscribeToTask'; readonly request: SubscribeToTaskRequest };

/** Decodes the params of a task operation from parsed JSON. Throws {@link DecodeError}. */
export function decodeOperation(operation: TaskOperation, params: unknown, limits: DecodeLimits): OperationRequest {
  switch (operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return { operation, request: decodeSendMessageRequest(params, limits) };
    case 'GetTask':
      return { operation, request: decodeGetTaskRequest(params, limits) };
    case 'ListTasks':
      return { operation, request: decodeListTasksRequest(params, limits) };
    case 'CancelTask':
      return { operation, request: decodeCancelTaskRequest(params, limits) };
    case 'SubscribeToTask':
      return { operation, request: decodeSubscribeToTaskRequest(params, limits) };
  }
}

function isOperation(method: string): method is Operation {
  return operations.has(method);
}
