import type { Operation } from '../model/index.ts';

/** HTTP verbs of the REST binding. */
export type RestVerb = 'GET' | 'POST' | 'DELETE';

/** One row of the REST binding (A2A 1.0 section 11.3). */
export interface RestRoute {
  readonly verb: RestVerb;
  /** Relative to the interface URL. `{id}` and `{taskId}` stand for one path segment each. */
  readonly path: string;
  readonly operation: Operation;
}

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

/** Which operation a request line means. */
export type RestMatch =
  | { readonly kind: 'match'; readonly operation: Operation; readonly params: RestParams }
  | { readonly kind: 'wrong-verb'; readonly allow: readonly RestVerb[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'bad-path'; readonly message: string };

/** What the path carries, percent-decoded. */
export interface RestParams {
  readonly routingTag?: string;
  readonly id?: string;
  readonly taskId?: string;
}

interface CompiledRoute extends RestRoute {
  readonly pattern: RegExp;
}

const compiled: readonly CompiledRoute[] = restRoutes.map((route) => {
  const pattern = route.path.replaceAll('.', String.raw`\.`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { ...route, pattern: new RegExp(`^${pattern}$`) };
});

const pathCharsMax = 2_048;

/**
 * Finds the operation of a request. `path` is the raw (still percent-encoded) path after the interface URL, without
 * the query. Fixed paths win over those with a leading routing tag. `:cancel` and `:subscribe` are split off the raw
 * segment, so an id may hold an encoded colon.
 */
export function matchRest(verb: string, path: string): RestMatch {
  if (path.length > pathCharsMax) return { kind: 'bad-path', message: `the path exceeds ${pathCharsMax} characters` };
  const direct = matchPath(verb, path, undefined);
  if (direct.kind !== 'unknown') return direct;
  const tagged = /^\/([^/:]+)(\/.+)$/.exec(path);
  if (tagged?.[1] === undefined || tagged[2] === undefined) return direct;
  return reservedRoutingTags.includes(tagged[1]) ? direct : matchPath(verb, tagged[2], tagged[1]);
}

function matchPath(verb: string, path: string, routingTag: string | undefined): RestMatch {
  const allow: RestVerb[] = [];
  for (const route of compiled) {
    const groups = route.pattern.exec(path);
    if (groups === null || isAction(groups.groups?.['id'], route)) continue;
    if (route.verb === verb)
      return matched(route.operation, { ...groups.groups, ...(routingTag === undefined ? {} : { routingTag }) });
    allow.push(route.verb);
  }
  return allow.length > 0 ? { kind: 'wrong-verb', allow } : { kind: 'unknown' };
}

/** `/tasks/x:cancel` is an action on x, never the task "x:cancel". */
function isAction(id: string | undefined, route: RestRoute): boolean {
  return route.operation === 'GetTask' && id !== undefined && /:(?:cancel|subscribe)$/.test(id);
}

function matched(operation: Operation, raw: Readonly<Record<string, string>>): RestMatch {
  const params: Record<string, string> = {};
  for (const [name, segment] of Object.entries(raw)) {
    const decoded = decodeSegment(segment);
    if (decoded === undefined) return { kind: 'bad-path', message: 'a path segment is not well-formed' };
    params[name] = decoded;
  }
  return { kind: 'match', operation, params };
}

function decodeSegment(segment: string): string | undefined {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
