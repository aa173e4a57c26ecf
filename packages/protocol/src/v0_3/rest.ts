import { restFields, routeMatcher } from '../codec/index.ts';
import type { DecodeLimits, RestParams, RestRequestParts, RestRoute, RestShape } from '../codec/index.ts';
import type { Operation, OperationRequest } from '../model/index.ts';
import { decodeParams } from './operations.ts';

/** Every REST route of A2A 0.3 (section 3.5.6). */
export const restRoutes: readonly RestRoute[] = [
  { verb: 'POST', path: '/v1/message:send', operation: 'SendMessage' },
  { verb: 'POST', path: '/v1/message:stream', operation: 'SendStreamingMessage' },
  { verb: 'GET', path: '/v1/tasks', operation: 'ListTasks' },
  { verb: 'GET', path: '/v1/tasks/{id}', operation: 'GetTask' },
  { verb: 'POST', path: '/v1/tasks/{id}:cancel', operation: 'CancelTask' },
  // The specification's text says POST, its proto annotation GET.
  { verb: 'POST', path: '/v1/tasks/{id}:subscribe', operation: 'SubscribeToTask' },
  { verb: 'GET', path: '/v1/tasks/{id}:subscribe', operation: 'SubscribeToTask' },
  { verb: 'POST', path: '/v1/tasks/{taskId}/pushNotificationConfigs', operation: 'CreateTaskPushNotificationConfig' },
  { verb: 'GET', path: '/v1/tasks/{taskId}/pushNotificationConfigs', operation: 'ListTaskPushNotificationConfigs' },
  { verb: 'GET', path: '/v1/tasks/{taskId}/pushNotificationConfigs/{id}', operation: 'GetTaskPushNotificationConfig' },
  {
    verb: 'DELETE',
    path: '/v1/tasks/{taskId}/pushNotificationConfigs/{id}',
    operation: 'DeleteTaskPushNotificationConfig',
  },
  { verb: 'GET', path: '/v1/card', operation: 'GetExtendedAgentCard' },
];

/** Finds the operation of a request; see {@link routeMatcher}. */
export const matchRest: ReturnType<typeof routeMatcher> = routeMatcher(restRoutes);

/** Whether a path is one of 0.3's. */
export function isRestPath(path: string): boolean {
  return path.startsWith('/v1/');
}

const historyLength: RestShape['query'] = new Map([['historyLength', 'text']]);
const noQuery: RestShape['query'] = new Map();
const page: RestShape['query'] = new Map([
  ['contextId', 'text'],
  ['pageSize', 'text'],
  ['historyLength', 'text'],
]);

/** Decodes a REST request as {@link decodeOperation} does its params. Throws {@link DecodeError}. */
export function decodeRestRequest(
  operation: Operation,
  parts: RestRequestParts,
  limits: DecodeLimits,
): OperationRequest {
  const query = operation === 'ListTasks' ? page : operation === 'GetTask' ? historyLength : noQuery;
  const hasBody = operation === 'SendMessage' || operation === 'SendStreamingMessage';
  const isConfig = operation === 'CreateTaskPushNotificationConfig';
  // Clients of 0.3 are known to write `null` where they have no body.
  const body = isConfig ? configOf(parts.body) : hasBody ? parts.body : undefined;
  const shape = { query, hasBody: hasBody || isConfig };
  const fields = restFields(shape, pathFields(operation, parts.params), { ...parts, body });
  return decodeParams(operation, fields, { limits, dialect: 'proto' });
}

/** The path's ids under the names that JSON-RPC's params have for them. */
function pathFields(operation: Operation, { id, taskId }: RestParams): Readonly<Record<string, string>> {
  if (taskId === undefined) return id === undefined ? {} : { id };
  if (operation === 'CreateTaskPushNotificationConfig') return { taskId };
  return id === undefined ? { id: taskId } : { id: taskId, pushNotificationConfigId: id };
}

/** The specification's text wraps the config once more than its proto. */
function configOf(body: unknown): unknown {
  const isWrapped =
    typeof body === 'object' && body !== null && 'config' in body && !('pushNotificationConfig' in body);
  return isWrapped ? body.config : body;
}
