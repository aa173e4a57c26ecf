import type { Binding, OperationName, Place, Reply, StreamEvent, WireFailure } from './binding.ts';
import { bodyOf, exchange, headerOf, readStream } from './http-exchange.ts';
import type { HttpRequest } from './http-exchange.ts';
import { withTenant } from './json-rpc.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Verb and path of each operation (A2A 1.0 section 5.3); `{name}` is a field of the request. */
const routes: Readonly<Record<OperationName, readonly [verb: string, path: string]>> = {
  SendMessage: ['POST', '/message:send'],
  SendStreamingMessage: ['POST', '/message:stream'],
  GetTask: ['GET', '/tasks/{id}'],
  ListTasks: ['GET', '/tasks'],
  CancelTask: ['POST', '/tasks/{id}:cancel'],
  SubscribeToTask: ['POST', '/tasks/{id}:subscribe'],
  CreateTaskPushNotificationConfig: ['POST', '/tasks/{taskId}/pushNotificationConfigs'],
  GetTaskPushNotificationConfig: ['GET', '/tasks/{taskId}/pushNotificationConfigs/{id}'],
  ListTaskPushNotificationConfigs: ['GET', '/tasks/{taskId}/pushNotificationConfigs'],
  DeleteTaskPushNotificationConfig: ['DELETE', '/tasks/{taskId}/pushNotificationConfigs/{id}'],
  GetExtendedAgentCard: ['GET', '/extendedAgentCard'],
};

/** The HTTP+JSON binding. */
export function httpJson(place: Place): Binding {
  return {
    name: 'HTTP+JSON',
    call: async (operation, fields, options) =>
      readReply(await exchange(place, requestFor(place, operation, fields), options)),
    async open(operation, fields, options) {
      const abort = new AbortController();
      const response = await exchange(place, requestFor(place, operation, fields), options, abort);
      return readStream(response, { abort, replyOf: readReply, eventOf: (data) => data as StreamEvent });
    },
  };
}

function requestFor(place: Place, operation: OperationName, fields: object): HttpRequest {
  const [method, template] = routes[operation];
  const rest = new Map(Object.entries(withTenant(place, fields)));
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest.get(name));
    rest.delete(name);
    return encodeURIComponent(value);
  });
  if (method === 'POST' && operation !== 'SubscribeToTask') {
    const body = JSON.stringify(Object.fromEntries(rest));
    return { method, url: place.url + path, contentType: 'application/a2a+json', body };
  }
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)] as [string, string]));
  return { method, url: `${place.url}${path}${query.size === 0 ? '' : `?${query.toString()}`}` };
}

async function readReply(response: Response): Promise<Reply> {
  const body = await bodyOf(response);
  const { status } = response;
  const header = headerOf(response);
  if (response.ok) return { result: body ?? {}, status, header };
  const {
    code = status,
    message = '',
    details = [],
  } = ((body as Fields | undefined)?.['error'] ?? {}) as Partial<WireFailure>;
  return { failure: { code, message, details }, status, header };
}
