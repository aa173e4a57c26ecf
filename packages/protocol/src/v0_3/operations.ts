import type { DecodeLimits } from '../codec/index.ts';
import { decodeObject } from '../codec/index.ts';
import type { Operation, OperationRequest } from '../model/index.ts';
import { optionalOperations, taskOperations } from '../model/index.ts';
import {
  decodeDeletePushConfigRequest,
  decodeGetPushConfigRequest,
  decodeListPushConfigsRequest,
  decodePushConfig,
} from './decode-push.ts';
import {
  decodeCancelTaskRequest,
  decodeGetTaskRequest,
  decodeListTasksRequest,
  decodeSendMessageRequest,
  decodeSubscribeToTaskRequest,
} from './decode-request.ts';
import type { Dialect } from './names.ts';

/** The JSON-RPC method of each operation (A2A 0.3 section 3.5.6). A list is a matter of HTTP+JSON alone. */
export const methodOfOperation = {
  SendMessage: 'message/send',
  SendStreamingMessage: 'message/stream',
  GetTask: 'tasks/get',
  CancelTask: 'tasks/cancel',
  SubscribeToTask: 'tasks/resubscribe',
  CreateTaskPushNotificationConfig: 'tasks/pushNotificationConfig/set',
  GetTaskPushNotificationConfig: 'tasks/pushNotificationConfig/get',
  ListTaskPushNotificationConfigs: 'tasks/pushNotificationConfig/list',
  DeleteTaskPushNotificationConfig: 'tasks/pushNotificationConfig/delete',
  GetExtendedAgentCard: 'agent/getAuthenticatedExtendedCard',
} as const;

/** The operations of 0.3 over JSON-RPC. */
export type RpcOperation = keyof typeof methodOfOperation;

const operationOf: ReadonlyMap<string, Operation> = new Map(
  [...taskOperations, ...optionalOperations].flatMap((operation) =>
    operation === 'ListTasks' ? [] : [[methodOfOperation[operation], operation] as const],
  ),
);

/** The operation a JSON-RPC method of 0.3 names, or undefined. */
export function operationOfMethod(method: string): Operation | undefined {
  return operationOf.get(method);
}

/** Decodes the params of any operation from parsed JSON. Throws {@link DecodeError}. */
export function decodeOperation(operation: Operation, params: unknown, limits: DecodeLimits): OperationRequest {
  return decodeParams(operation, params, { limits, dialect: 'json' });
}

/** As {@link decodeOperation}, for either dialect. */
export function decodeParams(
  operation: Operation,
  params: unknown,
  { limits, dialect }: { readonly limits: DecodeLimits; readonly dialect: Dialect },
): OperationRequest {
  switch (operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return { operation, request: decodeSendMessageRequest(params, limits, dialect) };
    case 'GetTask':
      return { operation, request: decodeGetTaskRequest(params, limits) };
    case 'ListTasks':
      return { operation, request: decodeListTasksRequest(params, limits) };
    case 'CancelTask':
      return { operation, request: decodeCancelTaskRequest(params, limits) };
    case 'SubscribeToTask':
      return { operation, request: decodeSubscribeToTaskRequest(params, limits) };
    case 'CreateTaskPushNotificationConfig':
      return { operation, request: decodePushConfig(params, limits, dialect) };
    case 'GetTaskPushNotificationConfig':
      return { operation, request: decodeGetPushConfigRequest(params, limits) };
    case 'ListTaskPushNotificationConfigs':
      return { operation, request: decodeListPushConfigsRequest(params, limits) };
    case 'DeleteTaskPushNotificationConfig':
      return { operation, request: decodeDeletePushConfigRequest(params, limits) };
    case 'GetExtendedAgentCard':
      return { operation, request: decodeObject(params ?? {}, limits, () => ({})) };
  }
}
