import { errorCatalog } from '@colloquy/server/test';
import { writeMessage } from '@colloquy/protocol/grpc';
import type { Answer } from '../fuzz/exchange.ts';
import type { FuzzRequest } from '../fuzz/party.ts';
import type { DelegationFields, Sender } from './stage.ts';

/** A send to an agent by its name, with what it shows beside its token. */
export interface DelegatedSend {
  readonly sender: Sender;
  readonly to: string;
  readonly words: string;
  readonly fields: DelegationFields;
  /** Of the first send of a chain: where its notifications go. */
  readonly pushUrl?: string;
}

const json = { 'content-type': 'application/json' };
const current = { ...json, 'a2a-version': '1.0' };

function paramsOf({ words, pushUrl }: DelegatedSend): object {
  const message = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: words }] };
  return pushUrl === undefined
    ? { message }
    : { message, configuration: { taskPushNotificationConfig: { url: pushUrl } } };
}

function post(send: DelegatedSend, below: string, headers: DelegationFields, body: object): FuzzRequest {
  const { sender, to, fields } = send;
  return {
    surface: 'HTTP',
    method: 'POST',
    path: `/t/${sender.slug}/agents/${to}${below}`,
    headers: { ...headers, ...fields, authorization: `Bearer ${sender.token}` },
    body: Buffer.from(JSON.stringify(body)),
  };
}

const rpc = (method: string, params: object): object => ({ jsonrpc: '2.0', id: 1, method, params });

function grpc(send: DelegatedSend, method: string): FuzzRequest {
  const { sender, to, fields } = send;
  const message = writeMessage('SendMessageRequest', { tenant: `${sender.slug}/${to}`, ...paramsOf(send) });
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const headers = { 'content-type': 'application/grpc', te: 'trailers', 'a2a-version': '1.0', ...fields };
  return {
    surface: 'gRPC',
    method: 'POST',
    path: `/lf.a2a.v1.A2AService/${method}`,
    headers: { ...headers, authorization: `Bearer ${sender.token}` },
    body: Buffer.concat([prefix, message]),
  };
}

/** Every way to say the same send. */
export const bindings: Readonly<Record<string, (send: DelegatedSend) => FuzzRequest>> = {
  'JSON-RPC': (send) => post(send, '', current, rpc('SendMessage', paramsOf(send))),
  'JSON-RPC, streamed': (send) => post(send, '', current, rpc('SendStreamingMessage', paramsOf(send))),
  'HTTP+JSON': (send) => post(send, '/message:send', current, paramsOf(send)),
  'HTTP+JSON, streamed': (send) => post(send, '/message:stream', current, paramsOf(send)),
  'JSON-RPC 0.3'(send) {
    const parts = [{ kind: 'text', text: send.words }];
    const message = { kind: 'message', messageId: crypto.randomUUID(), role: 'user', parts };
    return post(send, '', json, rpc('message/send', { message }));
  },
  gRPC: (send) => grpc(send, 'SendMessage'),
  'gRPC, streamed': (send) => grpc(send, 'SendStreamingMessage'),
};

const verdicts = ['invalid', 'loop', 'too-deep', 'budget-used'] as const;

/** The reason why a send for another task is refused. */
export type Verdict = (typeof verdicts)[number];

/** Null: it was refused for another reason, or not at all. */
export function verdictOf({ isAccepted, text }: Answer): Verdict | null {
  if (isAccepted) return null;
  // The sentence, because some answers have no place for the code.
  return verdicts.find((verdict) => text.includes(errorCatalog[`delegation.${verdict}`].sentence)) ?? null;
}

/** What an answer tells, without what differs from one request to the next. */
export function gistOf({ status, text }: Answer): string {
  const said = text
    .split('\n')
    .filter((line) => !/^(x-request-id|date|grpc-status-details-bin|ratelimit[a-z-]*): /.test(line))
    .join('\n');
  return `${String(status)} ${said.replaceAll(/req_[0-9a-f]{32}/g, 'req_')}`;
}
