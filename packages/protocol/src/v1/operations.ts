import type { DecodeLimits } from '../codec/index.ts';
import type { Operation, OperationRequest, TaskOperation, TaskOperationRequest } from '../model/index.ts';
import { isTaskOperation, optionalOperations, taskOperations } from '../model/index.ts';
import {
  decodeCancelTaskRequest,
  decodeGetTaskRequest,
  decodeListTasksRequest,
  decodeSendMessageRequest,
  decodeSubscribeToTaskRequest,
} from './decode-request.ts';
import {
  decodeDeletePushConfigRequest,
  decodeExtendedCardRequest,
  decodeGetPushConfigRequest,
  decodeListPushConfigsRequest,
  decodePushConfig,
} from './decode-push.ts';

const operations: ReadonlySet<string> = new Set([...taskOperations, ...optionalOperations]);

/** The operation a JSON-RPC method names, or undefined. Names are case-sensitive; those of older versions are unknown. */
export function operationOfMethod(method: string): Operation | undefined {
  return isOperation(method) ? method : undefined;
}

/** Decodes the params of any operation from parsed JSON. Throws {@link DecodeError}. */
export function decodeOperation(operation: Operation, params: unknown, limits: DecodeLimits): OperationRequest {
  return isTaskOperation(operation)
    ? decodeTaskOperation(operation, params, limits)
    : decodeOptionalOperation(operation, params, limits);
}

/** Decodes the params of an operation on messages or tasks. Throws {@link DecodeError}. */
export function decodeTaskOperation(
  operation: TaskOperation,
  params: unknown,
  limits: DecodeLimits,
): TaskOperationRequest {
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

function decodeOptionalOperation(
  operation: Exclude<Operation, TaskOperation>,
  params: unknown,
  limits: DecodeLimits,
): OperationRequest {
  switch (operation) {
    case 'CreateTaskPushNotificationConfig':
      return { operation, request: decodePushConfig(params, limits) };
    case 'GetTaskPushNotificationConfig':
      return { operation, request: decodeGetPushConfigRequest(params, limits) };
    case 'ListTaskPushNotificationConfigs':
      return { operation, request: decodeListPushConfigsRequest(params, limits) };
    case 'DeleteTaskPushNotificationConfig':
      return { operation, request: decodeDeletePushConfigRequest(params, limits) };
    case 'GetExtendedAgentCard':
      return { operation, request: decodeExtendedCardRequest(params, limits) };
  }
}

function isOperation(method: string): method is Operation {
  return operations.has(method);
}
