import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** What a raw agent got, as bytes and as parts. */
export interface RawRequest {
  readonly raw: string;
  readonly head: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Members of the JSON-RPC request; those of an empty object when there was no body. */
  readonly rpc: { readonly id: string; readonly method: string; readonly params: Readonly<Record<string, unknown>> };
}

/** An agent made of a bare socket: it says exactly what it is made to say, when it is made to. */
export interface RawAgent extends AsyncDisposable {
  readonly url: string;
  readonly requests: RawRequest[];
  readonly connectionCount: number;
}

export type OnRequest = (socket: Socket, request: RawRequest) => void;
export type OnConnect = (socket: Socket) => void;

/** How many of the newest requests an agent that runs for long remembers. */
const requestsKeptMax = 1_000;

export async function startRawAgent(onRequest: OnRequest, onConnect?: OnConnect): Promise<RawAgent> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server: Server = createServer((socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    readRequests(socket, (request) => {
      if (requests.push(request) > requestsKeptMax) requests.shift();
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
  return { raw, head, headers, body, rpc: parseRpc(body === '' ? '{}' : body) };
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

/** A JSON-RPC answer, alone and as an event of a stream. */
export const result = (id: string, value: unknown): string => JSON.stringify({ jsonrpc: '2.0', id, result: value });
export const sse = (id: string, value: unknown): string => `data: ${result(id, value)}\n\n`;
