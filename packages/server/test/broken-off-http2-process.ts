/**
 * Breaks off connections of HTTP/2 in the middle of fields, while bytes of their stream are still on their way, and collects what they
 * leave. Arguments: the side that breaks off (`agent`, `client`), and `bare` for Node as it is, which ends by its assertion.
 */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import type { Http2Server, Http2Session, Http2Stream, ServerHttp2Stream } from 'node:http2';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { heldBytes, http2Frame } from '@colloquy/testkit';
import { mendHttp2 } from '../src/adapters/http2/index.ts';
import { callTo, hello, startUpstream } from './upstream-setting.ts';

const rounds = 8;
/** More than two sockets hold for a reader that takes nothing, and less than Node has for a connection (`maxSessionMemory`). */
const stuckBytes = 8_000_000;
/** Iterations of the event loop that Node takes to close a connection, and some more. */
const turns = 20;

const endStream = 1;
const endHeaders = 4;

/** A field with a name and a value of less than 127 bytes (RFC 7541 section 6.2.2). */
function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

/** Windows for all that the other side has to say, of streams (SETTINGS_INITIAL_WINDOW_SIZE) and of the connection. */
const wide = Buffer.concat([
  http2Frame('settings', Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff])),
  http2Frame('window', Buffer.from([0x7f, 0, 0, 0])),
]);
/** Fields that are begun and not ended. */
const unended = (first: Buffer, flags: number): Buffer =>
  Buffer.concat([
    http2Frame('headers', Buffer.concat([first, field('x-first', 'v'.repeat(50))]), { flags, on: 1 }),
    http2Frame('continuation', field('x-second', 'w'.repeat(40)), { on: 1 }),
  ]);
const status200 = Buffer.from([0x88]);
const postRoot = Buffer.from([0x83, 0x86, 0x84]);

async function portOf(server: Server | Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function pass(): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
}

const closeOf = (session: Http2Session | undefined): Promise<void> =>
  new Promise((resolve) => session?.once('close', resolve));

/** Our calls to an agent that reads only their beginning. */
async function breakOffByAgent(): Promise<void> {
  const sockets: Socket[] = [];
  const agent = createServer((socket) => {
    sockets.push(socket);
    socket
      .on('error', () => undefined)
      .once('data', () => socket.pause().write(Buffer.concat([wide, unended(status200, 0)])));
  });
  const port = await portOf(agent);
  await using setting = startUpstream();
  const message = { message: { ...hello.message, parts: [{ text: 'x'.repeat(stuckBytes) }] } };
  for (let round = 0; round < rounds; round += 1) {
    const canceled = new AbortController();
    const stuck = Promise.withResolvers<Http2Session>();
    onceStarted(({ session }) => session?.once('remoteSettings', () => stuck.resolve(session)));
    const call = callTo(`http://127.0.0.1:${port}/`, { signal: canceled.signal });
    const sent = setting.upstream.send({ ...call, instance: { ...call.instance, wire: '1.0 GRPC' } }, message);
    const failed = sent.catch(() => 'broken off');
    const session = await stuck.promise;
    await pass();
    canceled.abort();
    const closed = closeOf(session);
    await pass();
    sockets.pop()?.resetAndDestroy();
    await closed;
    console.log(await failed);
  }
  agent.close();
}

function onceStarted(run: (stream: Http2Stream) => void): void {
  let isOver = false;
  subscribe('http2.client.stream.start', (message) => {
    if (isOver) return;
    isOver = true;
    run((message as { readonly stream: Http2Stream }).stream);
  });
}

/** Calls of clients that read nothing of an answer. */
async function breakOffByClient(): Promise<void> {
  const server = createHttp2Server();
  server.on('session', (session) => session.on('error', () => undefined));
  const port = await portOf(server);
  const begin = Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    wide,
    http2Frame('headers', Buffer.concat([postRoot, field(':authority', 'x')]), { flags: endHeaders, on: 1 }),
    unended(Buffer.alloc(0), endStream),
  ]);
  for (let round = 0; round < rounds; round += 1) {
    const socket = connect(port, '127.0.0.1').pause();
    socket.on('error', () => undefined).write(begin);
    const stream = await new Promise<ServerHttp2Stream>((resolve) => server.once('stream', resolve));
    const closed = closeOf(stream.on('error', () => undefined).session);
    await pass();
    stream.respond();
    stream.write(Buffer.alloc(stuckBytes));
    await pass();
    stream.destroy();
    await pass();
    socket.resetAndDestroy();
    await closed;
    console.log('broken off');
  }
  server.close();
}

if (process.argv[3] !== 'bare') mendHttp2();
await (process.argv[2] === 'agent' ? breakOffByAgent() : breakOffByClient());
for (let round = 0; round < rounds; round += 1) {
  heldBytes();
  await pass();
}
console.log('collected, alive');
