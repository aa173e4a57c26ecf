import { decodeSegment, routeMatcher } from '../codec/index.ts';
import type { RestMatch, RestRoute } from '../codec/index.ts';

/** Every REST route of A2A 1.0. Each also exists behind one more leading segment, the wire's `tenant`. */
export const restRoutes: readonly RestRoute[] = [
  { verb: 'POST', path: '/message:send', operation: 'SendMessage' },
  { verb: 'POST', path: '/message:stream', operation: 'SendStreamingMessage' },
  { verb: 'GET', path: '/tasks', operation: 'ListTasks' },
  { verb: 'GET', path: '/tasks/{id}', operation: 'GetTask' },
  { verb: 'POST', path: '/tasks/{id}:cancel', operation: 'CancelTask' },
  // The specification's text says POST, its proto annotation GET.
  { verb: 'POST', path: '/tasks/{id}:subscribe', operation: 'SubscribeToTask' },
  { verb: 'GET', path: '/tasks/{id}:subscribe', operation: 'SubscribeToTask' },
  { verb: 'POST', path: '/tasks/{taskId}/pushNotificationConfigs', operation: 'CreateTaskPushNotificationConfig' },
  { verb: 'GET', path: '/tasks/{taskId}/pushNotificationConfigs', operation: 'ListTaskPushNotificationConfigs' },
  { verb: 'GET', path: '/tasks/{taskId}/pushNotificationConfigs/{id}', operation: 'GetTaskPushNotificationConfig' },
  {
    verb: 'DELETE',
    path: '/tasks/{taskId}/pushNotificationConfigs/{id}',
    operation: 'DeleteTaskPushNotificationConfig',
  },
  { verb: 'GET', path: '/extendedAgentCard', operation: 'GetExtendedAgentCard' },
];

/** First segments that can be no routing tag, since they begin paths of their own. */
export const reservedRoutingTags: readonly string[] = ['tasks', 'extendedAgentCard', '.well-known'];

const matchPath = routeMatcher(restRoutes);

/**
 * Finds the operation of a request. `path` is the raw (still percent-encoded) path after the interface URL, without
 * the query. Fixed paths win over those with a leading routing tag.
 */
export function matchRest(verb: string, path: string): RestMatch {
  const direct = matchPath(verb, path);
  if (direct.kind !== 'unknown') return direct;
  const [, segment = '', rest = ''] = /^\/([^/:]+)(\/.+)$/.exec(path) ?? [];
  if (segment === '' || reservedRoutingTags.includes(segment)) return direct;
  const tagged = matchPath(verb, rest);
  if (tagged.kind !== 'match') return tagged;
  const routingTag = decodeSegment(segment);
  if (routingTag === undefined) return { kind: 'bad-path', message: 'a path segment is not well-formed' };
  return { ...tagged, params: { ...tagged.params, routingTag } };
}
