import type { Draw } from '../seeded.ts';
import { changedBytes, jsonText, pick } from './json-text.ts';
import type { FuzzRequest, Party } from './party.ts';

const json = { 'content-type': 'application/json' };
const parts = [{ text: 'hello' }, { data: { a: [1, { b: 'c' }] } }, { raw: 'aGVsbG8=', mediaType: 'text/plain' }];
const pushUrl = 'https://receiver.invalid/hook';

const message = (party: Party, draw: Draw, over: object = {}): object => ({
  messageId: `m-${draw(1e9)}`,
  contextId: 'context',
  role: 'ROLE_USER',
  parts: [pick(draw, parts)],
  metadata: { note: 'x' },
  extensions: ['urn:x'],
  ...(draw(6) === 0 ? { taskId: party.taskId } : {}),
  ...over,
});

/** The parameters of each method of A2A 1.0; HTTP+JSON and gRPC have the same. */
export function paramsOf(party: Party, draw: Draw): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const id = party.taskId;
  const send = {
    message: message(party, draw),
    configuration: { acceptedOutputModes: ['text/plain'], historyLength: 1, returnImmediately: draw(2) === 0 },
    metadata: { a: 1 },
  };
  const config = { taskId: id, id: 'config', url: pushUrl, token: 'x', authentication: { scheme: 'Basic' } };
  return {
    SendMessage: send,
    SendStreamingMessage: send,
    GetTask: { id, historyLength: 2 },
    ListTasks: { contextId: 'context', status: 'TASK_STATE_COMPLETED', pageSize: 5, historyLength: 0, pageToken: '' },
    CancelTask: { id, metadata: {} },
    SubscribeToTask: { id },
    CreateTaskPushNotificationConfig: config,
    GetTaskPushNotificationConfig: { taskId: id, id: 'config' },
    ListTaskPushNotificationConfigs: { taskId: id, pageSize: 2 },
    DeleteTaskPushNotificationConfig: { taskId: id, id: 'config' },
    GetExtendedAgentCard: {},
  };
}

/** Methods and parameters of A2A 0.3 and 0.1. */
function olderCalls(party: Party, draw: Draw): Readonly<Record<string, object>> {
  const id = party.taskId;
  const older = {
    kind: 'message',
    role: 'user',
    parts: [{ kind: 'text', text: 'hello' }],
    messageId: `m-${draw(1e9)}`,
  };
  const oldest = { id: `mine-${draw(1_000)}`, message: { role: 'user', parts: [{ type: 'text', text: 'hello' }] } };
  const push = { taskId: id, pushNotificationConfig: { id: 'c', url: pushUrl, token: 'x' } };
  return {
    'message/send': { message: older, configuration: { blocking: true, acceptedOutputModes: ['text'] } },
    'message/stream': { message: older },
    'tasks/get': { id, historyLength: 1 },
    'tasks/cancel': { id },
    'tasks/resubscribe': { id },
    'tasks/pushNotificationConfig/set': push,
    'tasks/pushNotificationConfig/get': { id, pushNotificationConfigId: 'c' },
    'tasks/pushNotificationConfig/list': { id },
    'tasks/pushNotificationConfig/delete': { id, pushNotificationConfigId: 'c' },
    'agent/getAuthenticatedExtendedCard': {},
    'tasks/send': oldest,
    'tasks/sendSubscribe': oldest,
    'tasks/pushNotification/set': { id, pushNotificationConfig: { url: pushUrl } },
    'tasks/pushNotification/get': { id },
  };
}

/** A body from JSON: places changed, and one in six times bytes too. */
export function bodyOf(value: unknown, draw: Draw): Buffer {
  const text = jsonText(value, draw);
  return draw(6) === 0 ? changedBytes(text, draw) : Buffer.from(text);
}

export function rpcRequest(party: Party, draw: Draw): FuzzRequest {
  const isOlder = draw(2) === 0;
  const [method, params] = pick(draw, Object.entries(isOlder ? olderCalls(party, draw) : paramsOf(party, draw)));
  const call = { jsonrpc: '2.0', id: draw(3) === 0 ? 'a' : draw(100), method, params };
  const version = isOlder ? pick(draw, [{}, { 'a2a-version': '0.3' }]) : { 'a2a-version': '1.0' };
  const headers = { ...json, ...version };
  const surface = isOlder ? 'JSON-RPC of 0.3 and 0.1' : 'JSON-RPC of 1.0';
  return {
    surface,
    method: 'POST',
    path: addressOf(party),
    headers,
    body: bodyOf(draw(20) === 0 ? [call] : call, draw),
  };
}

export function restRequest(party: Party, draw: Draw): FuzzRequest {
  const params = paramsOf(party, draw);
  const task = `/tasks/${party.taskId}`;
  const configs = `${task}/pushNotificationConfigs`;
  const older = olderCalls(party, draw);
  const [method, path, body] = pick<readonly [string, string, unknown]>(draw, [
    ['POST', '/message:send', params['SendMessage']],
    ['POST', '/message:stream', params['SendStreamingMessage']],
    ['GET', '/tasks?pageSize=5&contextId=context&status=TASK_STATE_COMPLETED&pageToken=x', null],
    ['GET', `${task}?historyLength=2`, null],
    ['POST', `${task}:cancel`, { metadata: {} }],
    ['GET', `${task}:subscribe`, null],
    ['POST', configs, params['CreateTaskPushNotificationConfig']],
    ['GET', `${configs}?pageSize=1`, null],
    ['GET', `${configs}/config`, null],
    ['DELETE', `${configs}/config`, null],
    ['GET', '/extendedAgentCard', null],
    ['GET', '/.well-known/agent-card.json', null],
    ['POST', '/v1/message:send', { message: { ...(older['message/send'] as object), role: 'ROLE_USER' } }],
    ['GET', `/v1${task}`, null],
    ['POST', '/tasks/send', older['tasks/send']],
    ['POST', '/a2a/message/send', { method: 'message/send', params: older['message/send'] }],
  ]);
  const version = path.startsWith('/v1') || path.includes('/send') ? {} : { 'a2a-version': '1.0' };
  const headers = body === null ? version : { ...json, ...version };
  return {
    surface: 'HTTP+JSON',
    method,
    path: addressOf(party) + path,
    headers,
    body: body === null ? null : bodyOf(body, draw),
  };
}

export const addressOf = ({ slug }: Party): string => `/t/${slug}/agents/worker`;
