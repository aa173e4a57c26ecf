import { writeMessage } from '@colloquy/protocol/grpc';
import type { FuzzRequest } from '../fuzz/party.ts';
import { pick } from '../fuzz/json-text.ts';
import type { Draw } from '../seeded.ts';
import type { MarkedTenant } from './stage.ts';

const json = { 'content-type': 'application/json', 'a2a-version': '1.0' };
const adminReads = [
  ...'agents agents/worker agents/worker/card agents/worker/card-versions clients credits credits/entries'.split(' '),
  ...'audit audit/records audit/export deliveries limits api-keys issuers grants people certificates egress'.split(' '),
];

/** One request of a tenant, which may name another's things; ids of messages, requests and contexts are the same for all tenants. */
export function markedRequest(self: MarkedTenant, other: MarkedTenant, draw: Draw): FuzzRequest {
  const headers = { authorization: `Bearer ${self.token}`, ...json };
  const owner = draw(4) === 0 ? other : self;
  const address = `/t/${owner.slug}/agents/worker`;
  const taskId = pick(draw, [...(draw(4) === 0 ? other : self).taskIds, 'tsk_00000000000000000000000000000000']);
  const rpc = (method: string, params: object): FuzzRequest => ({
    surface: 'JSON-RPC',
    method: 'POST',
    path: address,
    headers,
    body: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })),
  });
  const get = (path: string): FuzzRequest => ({ surface: 'HTTP', method: 'GET', path, headers, body: null });
  const kinds: readonly (() => FuzzRequest)[] = [
    () => rpc('SendMessage', sendOf(self, draw)),
    () =>
      rpc('SendMessage', sendOf(self, draw, { taskPushNotificationConfig: { url: self.pushUrl, token: self.marker } })),
    () => rpc('SendStreamingMessage', sendOf(self, draw)),
    () => rpc('ListTasks', { contextId: 'same-context', includeArtifacts: true, historyLength: 2, pageSize: 5 }),
    () => rpc('GetTask', { id: taskId, historyLength: 2 }),
    () => rpc(pick(draw, ['CancelTask', 'SubscribeToTask', 'GetExtendedAgentCard']), { id: taskId }),
    () => rpc(self.marker, { [self.marker]: self.marker }),
    () => get(`${address}/tasks/${taskId}`),
    () => get(`${address}/.well-known/agent-card.json`),
    () => get(`/api/v1/tenants/${owner.slug}/${pick(draw, adminReads)}?limit=3`),
    () => get(`/api/v1/tenants/${owner.slug}/tasks/${taskId}`),
    () => ({ ...rpc('', {}), body: Buffer.from(`{"${self.marker}":1,"${self.marker}":2}`) }),
    () => grpcList(owner, headers.authorization),
  ];
  return pick(draw, kinds)();
}

function sendOf({ marker }: MarkedTenant, draw: Draw, configuration: object = {}): object {
  const words = `${pick(draw, ['say', 'say', 'say', 'fail', 'ask'])} ${marker}`;
  return {
    message: {
      messageId: `same-${draw(1e9)}`,
      contextId: 'same-context',
      role: 'ROLE_USER',
      parts: [{ text: words }, { data: { [marker]: marker } }],
      metadata: { note: marker },
    },
    configuration,
  };
}

function grpcList({ slug }: MarkedTenant, authorization: string): FuzzRequest {
  const message = writeMessage('ListTasksRequest', {
    tenant: `${slug}/worker`,
    contextId: 'same-context',
    pageSize: 3,
  });
  const prefix = Buffer.from([0, 0, 0, 0, message.length]);
  const headers = { 'content-type': 'application/grpc', te: 'trailers', 'a2a-version': '1.0', authorization };
  const path = '/lf.a2a.v1.A2AService/ListTasks';
  return { surface: 'gRPC', method: 'POST', path, headers, body: Buffer.concat([prefix, message]) };
}
