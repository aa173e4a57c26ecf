import type { DecodeLimits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { Operation, OperationRequest } from '../model/index.ts';
import { decodeCancelParams, decodeGetParams, decodeResubscribeParams, decodeSendParams } from './decode-request.ts';
import { decodeGetPushParams, decodeSetPushParams } from './push-config.ts';

/** What each JSON-RPC method of A2A 0.1 means. */
const operationByMethod = {
  'tasks/send': 'SendMessage',
  'tasks/sendSubscribe': 'SendStreamingMessage',
  'tasks/get': 'GetTask',
  'tasks/cancel': 'CancelTask',
  'tasks/resubscribe': 'SubscribeToTask',
  'tasks/pushNotification/set': 'CreateTaskPushNotificationConfig',
  'tasks/pushNotification/get': 'GetTaskPushNotificationConfig',
} as const;

const operations: ReadonlyMap<string, LegacyOperation> = new Map(Object.entries(operationByMethod));

/** An operation that A2A 0.1 has. */
export type LegacyOperation = (typeof operationByMethod)[keyof typeof operationByMethod];

/** The operation a JSON-RPC method names, or undefined. */
export function operationOfMethod(method: string): LegacyOperation | undefined {
  return operations.get(method);
}

/** The JSON-RPC method of an operation. */
export const methodOf: Readonly<Record<LegacyOperation, keyof typeof operationByMethod>> = {
  SendMessage: 'tasks/send',
  SendStreamingMessage: 'tasks/sendSubscribe',
  GetTask: 'tasks/get',
  CancelTask: 'tasks/cancel',
  SubscribeToTask: 'tasks/resubscribe',
  CreateTaskPushNotificationConfig: 'tasks/pushNotification/set',
  GetTaskPushNotificationConfig: 'tasks/pushNotification/get',
};

/**
 * Decodes the params of a method. Task ids in the result are those that the caller chose, and a message has an empty id: it has none
 * on this wire. Throws {@link DecodeError}.
 */
export function decodeOperation(operation: Operation, params: unknown, limits: DecodeLimits): OperationRequest {
  switch (operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return { operation, request: decodeSendParams(params, limits) };
    case 'GetTask':
      return { operation, request: decodeGetParams(params, limits) };
    case 'CancelTask':
      return { operation, request: decodeCancelParams(params, limits) };
    case 'SubscribeToTask':
      return { operation, request: decodeResubscribeParams(params, limits) };
    case 'CreateTaskPushNotificationConfig':
      return { operation, request: decodeSetPushParams(params, limits) };
    case 'GetTaskPushNotificationConfig':
      return { operation, request: decodeGetPushParams(params, limits) };
    default:
      throw new DecodeError([{ field: '', description: `must be an operation that A2A 0.1 has, not ${operation}` }]);
  }
}
