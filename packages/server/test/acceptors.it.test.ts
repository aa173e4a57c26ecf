/**
 * Guarantee: callers that come all at once are let in many at a time, however busy the process is; an address belongs to one process;
 * a process that leaves waits for all its connections; and none is open above the bound, however it came in.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { systemClock as clock } from '../src/adapters/clock/system-clock.ts';
import { createMetrics } from '../src/adapters/telemetry/index.ts';
import { createGrpcServer } from '../src/surfaces/grpc/index.ts';
import type { GrpcServerOptions } from '../src/surfaces/grpc/index.ts';
import { Acceptors, RequestOrigins } from '../src/surfaces/http/index.ts';
import type { ListenRequest } from '../src/surfaces/http/index.ts';
import { TrustedAuthorities } from '../src/surfaces/http/trusted-authorities.ts';
import { startHttp } from './access-http-fixture.ts';

const canShare = process.platform === 'linux';
const host = '127.0.0.1';

interface Listening {
  readonly port: number;
  /** Connections that were accepted, by iteration of the event loop. */
  readonly perIteration: readonly number[];
  readonly sockets: readonly Socket[];
  readonly acceptors: Acceptors;
  close(): Promise<void>;
}

async function listen(count: number, port = 0): Promise<Listening> {
  const perIteration: number[] = [];
  const sockets: Socket[] = [];
  let inThisIteration = 0;
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    if (inThisIteration === 0)
      setImmediate(() => {
        perIteration.push(inThisIteration);
        inThisIteration = 0;
      });
    inThisIteration += 1;
  });
  const acceptors = new Acceptors(server, false, count);
  const listenItself = async (request: ListenRequest): Promise<void> => {
    server.listen(request);
    await once(server, 'listening');
  };
  await acceptors.listen({ host, port, backlog: 128 }, listenItself);
  const close = async (): Promise<void> => {
    server.close();
    await Promise.all([once(server, 'close'), acceptors.close()]);
  };
  return { port: (server.address() as AddressInfo).port, perIteration, sockets, acceptors, close };
}

/** Calls so often at once: the kernel has all of them before this process looks again. */
const callers = (port: number, count: number): Socket[] =>
  Array.from({ length: count }, () => connect(port, host).on('error', () => undefined));

describe('acceptors', () => {
  it('let in many callers in one iteration of the event loop', { skip: !canShare && 'needs Linux' }, async () => {
    const iterations: number[] = [];
    for (const count of [1, 16]) {
      const listening = await listen(count);
      const all = callers(listening.port, 96);
      await eventually('all are in', () => listening.sockets.length === all.length);
      iterations.push(listening.perIteration.length);
      for (const socket of [...all, ...listening.sockets]) socket.destroy();
      await listening.close();
    }
    const [alone = 0, together = 0] = iterations;
    assert.ok(together <= alone / 3, `${together} iterations instead of ${alone}`);
  });

  it('refuse an address that is in use, also with several acceptors', async () => {
    for (const count of [1, 4]) {
      const owner = await listen(count);
      for (const others of [1, 4]) await assert.rejects(listen(others, owner.port), { code: 'EADDRINUSE' });
      const [caller] = callers(owner.port, 1);
      await eventually('the owner still has it', () => owner.sockets.length === 1);
      caller?.destroy();
      owner.sockets[0]?.destroy();
      await owner.close();
    }
  });

  it('close when the last connection is over, and accept no connection meanwhile', async () => {
    const listening = await listen(8);
    const all = callers(listening.port, 32);
    await eventually('all are in', () => listening.sockets.length === all.length);
    let isClosed = false;
    const closed = listening.close().then(() => (isClosed = true));
    for (const late of callers(listening.port, 32))
      await assert.rejects(once(late, 'connect'), { code: 'ECONNREFUSED' });
    const answers = all.map((socket) => text(socket));
    assert.equal(isClosed, false);
    for (const socket of listening.sockets) socket.end('bye');
    assert.deepEqual(new Set(await Promise.all(answers)), new Set(['bye']));
    await closed;
    assert.equal(listening.sockets.length, all.length);
  });
});

describe('the bound on connections', () => {
  it('closes one too many, and takes in the next when one is gone, be it a taken one', async () => {
    let taken = 0;
    await using http = await startHttp(
      (app) => {
        app.get('/short', (_request, reply) => void reply.send('{}'));
        app.get('/long', (asked, reply) => {
          reply.hijack();
          reply.raw.shouldKeepAlive = false;
          reply.raw.writeHead(200, { 'content-type': 'text/plain' });
          reply.raw.write('word');
          app.openRequests.becomeStream(asked.context);
          const listener = { drained: () => undefined, closed: () => (taken -= 1) };
          setImmediate(() => (taken += app.openRequests.take(asked.context, listener) === null ? 0 : 1));
        });
      },
      { connectionsMax: 3 },
    );
    const ask = (socket: Socket, path: string): Socket => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      return socket;
    };
    const [long, idle, kept] = callers(http.port, 3) as [Socket, Socket, Socket];
    ask(long, '/long');
    await eventually('one is taken', () => taken === 1);
    ask(kept, '/short');
    await once(kept, 'readable');
    const refused = async (): Promise<string> => text(ask(connect(http.port, host), '/short')).catch(() => '');
    assert.equal(await refused(), '');
    for (const gone of [long, idle]) {
      gone.destroy();
      await eventually('there is room', async () => {
        const [caller] = callers(http.port, 1) as [Socket];
        const isIn = await Promise.race([once(ask(caller, '/short'), 'data'), once(caller, 'close').then(() => null)]);
        return isIn !== null;
      });
      assert.equal(await refused(), '');
    }
    assert.equal(taken, 0);
    kept.destroy();
  });

  it('closes one connection too many at the gRPC port, which pushes out no unauthenticated connection', async () => {
    const metrics = createMetrics({ isProcessObserved: false });
    const origins = new RequestOrigins({
      proxies: [],
      families: new Set(),
      authorities: new TrustedAuthorities(clock),
    });
    const bounds = {
      connectionsMax: 3,
      unauthenticatedConnections: { unauthenticatedPerAddressMax: 3, unauthenticatedMax: 3, perCallerMax: 3 },
    };
    const parts = { clock, metrics, origins, tls: null, drainMs: 0, ...bounds };
    // The test calls no operation.
    const server = createGrpcServer(parts as unknown as GrpcServerOptions);
    const port = await server.listen({ host, port: 0 });
    const said = (caller: Socket): Promise<unknown> =>
      Promise.race([once(caller, 'data').then(() => 'settings'), once(caller, 'close').then(() => 'closed')]);
    const held = callers(port, 3);
    assert.deepEqual(await Promise.all(held.map(said)), ['settings', 'settings', 'settings']);
    // There is room for the second if the first has pushed out another.
    for (let more = 1; more <= 2; more += 1)
      for (const caller of callers(port, 1)) assert.equal(await said(caller), 'closed');
    assert.ok(held.every(({ closed }) => !closed));
    for (const caller of held) caller.destroy();
    await server.close();
  });
});
