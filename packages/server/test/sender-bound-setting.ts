import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createTestAuthority } from '@colloquy/testkit';
import type { TestCertificate } from '@colloquy/testkit';
import { Agent, fetch } from 'undici';
import type { RequestInit, Response } from 'undici';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';
import { framed, openCall, words } from './grpc-setting.ts';

/** What a request came to. */
export interface Outcome {
  readonly isIn: boolean;
  /** What a refused sender sees, without what differs from request to request. */
  readonly answer: string;
}

/** One operation of one binding; `taskId` is of a task that goes on. */
export interface BoundCall {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** The address that a proof names, below the public one. */
  readonly path: string;
  send(fields: Readonly<Record<string, string>>, as: TestCertificate | null): Promise<Outcome>;
}

/** A platform that speaks TLS on both ports and asks for certificates. */
export interface SenderSetting extends AsyncDisposable {
  readonly base: A2aSetting;
  /** Every call of it over a connection with this certificate. */
  request(path: string, init: RequestInit, as: TestCertificate | null): Promise<Response>;
  calls(taskId: string): readonly BoundCall[];
}

export async function startSenderSetting(): Promise<SenderSetting> {
  const common = getCACertificates('default');
  const folder = await mkdtemp(join(tmpdir(), 'sender-tls-'));
  const authority = await createTestAuthority('Listeners');
  const { certificate, key } = await authority.issue();
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certFile, certificate), writeFile(keyFile, key)]);
  setDefaultCACertificates([...common, authority.certificate]);
  const base = await startA2aSetting({
    env: {
      COLLOQUY_HTTP_TLS_CERT_FILE: certFile,
      COLLOQUY_HTTP_TLS_KEY_FILE: keyFile,
      COLLOQUY_GRPC_TLS_CERT_FILE: certFile,
      COLLOQUY_GRPC_TLS_KEY_FILE: keyFile,
      COLLOQUY_TLS_CLIENT_CERTIFICATES: 'ask',
    },
  });
  const connections = new Connections(authority.certificate, `https://${base.platform.platform.grpcAddress ?? ''}`);
  const request: SenderSetting['request'] = (path, init, as) =>
    fetch(base.platform.url + path, { ...init, dispatcher: connections.agentOf(as) });
  return {
    base,
    request,
    calls: (taskId) => [
      ...httpCalls({ request, path: base.path }, taskId),
      ...grpcCalls({ connections, tag: `${base.tenant.slug}/worker` }, taskId),
    ],
    async [Symbol.asyncDispose]() {
      await connections.close();
      await base[Symbol.asyncDispose]();
      setDefaultCACertificates(common);
      await rm(folder, { recursive: true });
    },
  };
}

/** Connections of their own for each certificate, so that none lends it to another. */
class Connections {
  readonly #ca: string;
  readonly #grpcUrl: string;
  readonly #agents = new Map<TestCertificate | null, Agent>();
  readonly #sessions = new Map<TestCertificate | null, ClientHttp2Session>();

  constructor(ca: string, grpcUrl: string) {
    this.#ca = ca;
    this.#grpcUrl = grpcUrl;
  }

  agentOf(as: TestCertificate | null): Agent {
    const agent = this.#agents.get(as) ?? new Agent({ connect: this.#tlsOf(as) });
    this.#agents.set(as, agent);
    return agent;
  }

  sessionOf(as: TestCertificate | null): ClientHttp2Session {
    const session = this.#sessions.get(as) ?? connect(this.#grpcUrl, this.#tlsOf(as)).on('error', () => undefined);
    this.#sessions.set(as, session);
    return session;
  }

  #tlsOf(as: TestCertificate | null) {
    return { ca: this.#ca, ...(as === null ? {} : { cert: as.certificate, key: as.key }) };
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) session.destroy();
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
  }
}

interface HttpAsked {
  readonly path?: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: () => unknown;
  readonly fields?: Readonly<Record<string, string>>;
}

const rpc =
  (method: string, params: () => unknown): (() => unknown) =>
  () => ({ jsonrpc: '2.0', id: 'q-1', method, params: params() });

function httpCalls(
  { request, path }: Pick<SenderSetting, 'request'> & { readonly path: string },
  taskId: string,
): BoundCall[] {
  const hello = (): object => say('hello');
  const resumed = { 'last-event-id': '1' };
  const asked: Readonly<Record<string, HttpAsked>> = {
    'SendMessage by JSON-RPC': { body: rpc('SendMessage', hello) },
    'SendStreamingMessage by JSON-RPC': { body: rpc('SendStreamingMessage', hello) },
    'SendStreamingMessage by REST': { path: '/message:stream', body: hello },
    'SubscribeToTask by JSON-RPC': { body: rpc('SubscribeToTask', () => ({ id: taskId })) },
    'SubscribeToTask by REST': { path: `/tasks/${taskId}:subscribe`, method: 'GET' },
    'a stream by JSON-RPC that goes on': { body: rpc('SubscribeToTask', () => ({ id: taskId })), fields: resumed },
    'a stream by REST that goes on': { path: `/tasks/${taskId}:subscribe`, method: 'GET', fields: resumed },
    'GetExtendedAgentCard by JSON-RPC': { body: rpc('GetExtendedAgentCard', () => ({})) },
    'GetExtendedAgentCard by REST': { path: '/extendedAgentCard', method: 'GET' },
    'the card for those who may see it': { path: '/.well-known/agent-card.json', method: 'GET' },
    'the card of 0.3': { path: '/v0.3/.well-known/agent-card.json', method: 'GET' },
  };
  return Object.entries(asked).map(([name, { path: below = '', method = 'POST', body, fields: more }]) => ({
    name,
    method,
    path: path + below,
    send: async (fields, as) => {
      const text = body === undefined ? {} : { body: JSON.stringify(body()) };
      const headers = { ...(body === undefined ? {} : json), ...version, ...more, ...fields };
      return outcomeOf(await request(path + below, { method, headers, ...text }, as));
    },
  }));
}

/** A stream is read until it says something. */
async function outcomeOf(answer: Response): Promise<Outcome> {
  if (answer.status === 200 && answer.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    const text = Buffer.from((first?.value as Uint8Array | undefined) ?? []).toString();
    return { isIn: text.includes('data:') && !text.includes('"error"'), answer: text };
  }
  const text = await answer.text();
  const fields = [...answer.headers].filter(([name]) => !['date', 'x-request-id', 'dpop-nonce'].includes(name));
  const said = JSON.stringify([answer.status, fields, text]).replaceAll(/req_[0-9a-f]+/g, 'req');
  return { isIn: answer.status === 200 && !text.includes('"error"'), answer: said };
}

function grpcCalls(
  { connections, tag }: { readonly connections: Connections; readonly tag: string },
  taskId: string,
): BoundCall[] {
  const tenant = { tenant: tag };
  const send = (): Buffer => framed('SendMessageRequest', { ...tenant, ...words(`hello ${randomUUID()}`) });
  const subscribe = (): Buffer => framed('SubscribeToTaskRequest', { ...tenant, id: taskId });
  const card = (): Buffer => framed('GetExtendedAgentCardRequest', tenant);
  const asked: readonly (readonly [operation: string, bytes: () => Buffer, more?: Readonly<Record<string, string>>])[] =
    [
      ['SendMessage', send],
      ['SendStreamingMessage', send],
      ['SubscribeToTask', subscribe],
      ['SubscribeToTask', subscribe, { 'last-event-id': '1' }],
      ['GetExtendedAgentCard', card],
    ];
  return asked.map(([operation, bytes, more]) => ({
    name: `${operation} over gRPC${more === undefined ? '' : ' that goes on'}`,
    method: 'POST',
    path: `/lf.a2a.v1.A2AService/${operation}`,
    send: async (fields, as) => {
      const session = connections.sessionOf(as);
      const { stream, end } = openCall(session, { operation, bytes: bytes(), headers: { ...more, ...fields } });
      if (operation === 'SubscribeToTask') stream.once('data', () => stream.close());
      const { code, message, reasons, fields: faults, messages } = await end;
      const answer = JSON.stringify([code, message, reasons, faults]);
      return { isIn: messages.length > 0 && (code === 0 || code === null), answer };
    },
  }));
}
