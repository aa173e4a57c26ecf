import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Clock } from '../src/kernel/clock.ts';
import type { PlatformError } from '../src/kernel/errors.ts';
import { idOf } from '../src/kernel/ids.ts';
import type { UpstreamCall, UpstreamMessage } from '../src/modules/gateway/index.ts';
import type { Route } from '../src/modules/routing/index.ts';
import { A2aUpstream } from '../src/adapters/upstream/a2a-upstream.ts';
import type { A2aUpstreamOptions } from '../src/adapters/upstream/a2a-upstream.ts';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';

export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const laptopGuard = new EgressGuard({
  allowedRanges: ['127.0.0.0/8'],
  allowedHosts: ['agent.test'],
  ownPorts: () => new Set(),
  ownAddresses: () => [],
});

/** What a raw agent got, as bytes and as parts. */
export interface RawRequest {
  readonly raw: string;
  readonly head: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Members of the JSON-RPC request. */
  readonly rpc: { readonly id: string; readonly method: string; readonly params: Readonly<Record<string, unknown>> };
}

/** An agent made of a bare socket: it says exactly what the test wants, when it wants. */
export interface RawAgent extends AsyncDisposable {
  readonly url: string;
  readonly requests: RawRequest[];
  readonly connectionCount: number;
}

export type OnRequest = (socket: Socket, request: RawRequest) => void;

export async function startRawAgent(onRequest: OnRequest, onConnect?: (socket: Socket) => void): Promise<RawAgent> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server: Server = createServer((socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    readRequests(socket, (request) => {
      requests.push(request);
      onRequest(socket, request);
    });
    onConnect?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The agent listens at no port.');
  const { port } = address;
  return {
    url: `http://127.0.0.1:${port}/a2a`,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function readRequests(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let bytes = '';
  socket.on('data', (chunk) => {
    bytes += chunk.toString('latin1');
    for (;;) {
      const headEnd = bytes.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(bytes.slice(0, headEnd))?.[1] ?? 0);
      const end = headEnd + 4 + length;
      if (bytes.length < end) return;
      const request = parse(bytes.slice(0, end), headEnd);
      bytes = bytes.slice(end);
      onRequest(request);
    }
  });
}

const parseRpc: (text: string) => RawRequest['rpc'] = JSON.parse;

function parse(raw: string, headEnd: number): RawRequest {
  const [head = '', ...lines] = raw.slice(0, headEnd).split('\r\n');
  const headers = new Map(lines.map((line) => [line.split(': ')[0]?.toLowerCase() ?? '', line.split(': ')[1] ?? '']));
  const body = Buffer.from(raw.slice(headEnd + 4), 'latin1').toString('utf8');
  return { raw, head, headers, body, rpc: parseRpc(body) };
}

/** A complete HTTP answer. */
export function http(body: string, type = 'application/json', status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The beginning of a chunked answer, and one chunk of it. */
export const chunkedHead = (type: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
export const lastChunk = '0\r\n\r\n';

export const completedTask = { id: 'up-1', contextId: 'c-1', status: { state: 'TASK_STATE_COMPLETED' } };
export const result = (id: string, value: unknown): string => JSON.stringify({ jsonrpc: '2.0', id, result: value });
export const sse = (id: string, value: unknown): string => `data: ${result(id, value)}\n\n`;

/** Answers every send with a completed task. */
export const answerWell: OnRequest = (socket, { rpc }) => socket.write(http(result(rpc.id, { task: completedTask })));

export interface UpstreamSetting extends AsyncDisposable {
  readonly upstream: A2aUpstream;
  readonly faults: PlatformError[];
}

export function startUpstream(options: Partial<A2aUpstreamOptions> = {}): UpstreamSetting {
  const faults: PlatformError[] = [];
  const upstream = new A2aUpstream({
    guard: laptopGuard,
    clock: realClock,
    signForwardToken: ({ audience, subject, tenantSlug, taskIds }) =>
      Buffer.from(JSON.stringify({ audience, subject, tenantSlug, taskIds })).toString('base64url'),
    openCredential: () => 'agent-secret',
    onFault: (_call, error) => faults.push(error),
    ...options,
  });
  return { upstream, faults, [Symbol.asyncDispose]: () => upstream.close() };
}

let calls = 0;

/** A call to an agent at `url`, for a task of its own. */
export function callTo(
  url: string,
  over: Partial<Omit<UpstreamCall, 'route'>> & { route?: Partial<Route> } = {},
): UpstreamCall {
  calls += 1;
  const taskId = idOf('tsk', calls.toString(16).padStart(32, '0'));
  const instance = { instanceId: 'ins_1', url, wire: '1.0 JSONRPC', routingTag: null } as const;
  return {
    instance,
    taskId,
    subject: 'cli_1',
    requestId: 'req_1',
    signal: new AbortController().signal,
    ...over,
    route: {
      tenantId: 'tnt_1',
      tenantSlug: 'acme',
      agentId: 'agt_1',
      agentName: 'echo',
      cardVersion: 1,
      streaming: true,
      idempotent: false,
      priceMicrocredits: 0n,
      taskMsMax: 60_000,
      inputModes: [],
      extensions: [],
      credential: null,
      instances: [instance],
      ...over.route,
    },
  };
}

export const hello: UpstreamMessage = {
  message: { messageId: 'm-1', contextId: 'c-1', role: 'ROLE_USER', parts: [{ text: 'hällo' }] },
};
