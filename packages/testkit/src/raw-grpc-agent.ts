import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';

/** One call as a raw gRPC agent got it. */
export interface HeardCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type OnGrpcCall = (stream: ServerHttp2Stream, heard: HeardCall) => void;

/** An agent made of bare HTTP/2: it says exactly what it is made to say. */
export interface RawGrpcAgent extends AsyncDisposable {
  readonly url: string;
  readonly heard: HeardCall[];
  readonly sessions: ReadonlySet<ServerHttp2Session>;
}

/** How many of the newest calls an agent that runs for long remembers. */
const callsKeptMax = 1_000;

export async function startRawGrpcAgent(onCall: OnGrpcCall): Promise<RawGrpcAgent> {
  const server: Http2Server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  const heard: HeardCall[] = [];
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const call = { headers, body: Buffer.concat(chunks) };
      if (heard.push(call) > callsKeptMax) heard.shift();
      onCall(stream, call);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The agent listens at no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    heard,
    sessions,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The first fields of a gRPC answer. */
export const grpcHead = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** A message with its length before it. The flag says whether it is compressed; another one is none of the protocol. */
export function grpcFrame(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.from([flag, 0, 0, 0, 0]);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Says these bytes and then this status; null ends without one. */
export const saysGrpc =
  (bytes: Buffer, status: string | null = '0', more: Readonly<Record<string, string>> = {}): OnGrpcCall =>
  (stream) => {
    stream.respond(grpcHead, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      if (status === null) stream.close();
      else stream.sendTrailers({ 'grpc-status': status, ...more });
    });
    stream.end(bytes);
  };
