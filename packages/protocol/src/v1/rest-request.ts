import { restFields } from '../codec/index.ts';
import type { DecodeLimits, RestRequestParts, RestShape } from '../codec/index.ts';
import type { Operation, OperationRequest } from '../model/index.ts';
import { decodeOperation } from './operations.ts';

/** Query parameters each operation knows, by their camelCase name. Others are ignored. */
const queryNames: Readonly<Record<Operation, RestShape['query']>> = {
  SendMessage: new Map([['tenant', 'text']]),
  SendStreamingMessage: new Map([['tenant', 'text']]),
  GetTask: new Map([
    ['tenant', 'text'],
    ['historyLength', 'text'],
  ]),
  ListTasks: new Map([
    ['tenant', 'text'],
    ['contextId', 'text'],
    ['status', 'text'],
    ['pageSize', 'text'],
    ['pageToken', 'text'],
    ['historyLength', 'text'],
    ['statusTimestampAfter', 'text'],
    ['includeArtifacts', 'boolean'],
  ]),
  CancelTask: new Map([['tenant', 'text']]),
  SubscribeToTask: new Map([['tenant', 'text']]),
  CreateTaskPushNotificationConfig: new Map([['tenant', 'text']]),
  GetTaskPushNotificationConfig: new Map([['tenant', 'text']]),
  ListTaskPushNotificationConfigs: new Map([
    ['tenant', 'text'],
    ['pageSize', 'text'],
    ['pageToken', 'text'],
  ]),
  DeleteTaskPushNotificationConfig: new Map([['tenant', 'text']]),
  GetExtendedAgentCard: new Map([['tenant', 'text']]),
};

const withBody: ReadonlySet<Operation> = new Set<Operation>([
  'SendMessage',
  'SendStreamingMessage',
  'CancelTask',
  'CreateTaskPushNotificationConfig',
]);

/**
 * Decodes a REST request: the fields of path, query and body are joined into one request message, then decoded as
 * JSON-RPC params are. A field given in two places must agree. A body where the operation has none is ignored. Throws
 * {@link DecodeError}.
 */
export function decodeRestRequest(
  operation: Operation,
  parts: RestRequestParts,
  limits: DecodeLimits,
): OperationRequest {
  const { routingTag, id, taskId } = parts.params;
  const path = {
    ...(routingTag === undefined ? {} : { tenant: routingTag }),
    ...(id === undefined ? {} : { id }),
    ...(taskId === undefined ? {} : { taskId }),
  };
  const shape = { query: queryNames[operation], hasBody: withBody.has(operation) };
  return decodeOperation(operation, restFields(shape, path, parts), limits);
}
